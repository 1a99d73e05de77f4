import {
  calculateJwkThumbprint,
  compactVerify,
  decodeProtectedHeader,
  errors,
  importJWK,
} from 'jose';
import { type AccountKey, DeviceList, DeviceListHeader } from '#gia/schemas';
import { parseJson } from '../server/body.ts';
import { checked } from '../server/checked.ts';
import { refuse } from '../server/refusal.ts';

export interface SignedList {
  readonly list: DeviceList;
  /** The RFC 7638 thumbprint of the account key. */
  readonly accountKey: string;
}

const YEAR_S = 366 * 24 * 60 * 60;

/** Reads a device list, if it was signed by the key that it names. Whose key that is, is for the caller to know. */
export async function readDeviceList(jws: string, nowMs: number): Promise<SignedList> {
  const { jwk } = checked(DeviceListHeader, headerOf(jws), 'body.list (header)');
  const list = checked(DeviceList, parseJson(await payloadOf(jws, jwk)), 'body.list');
  if (new Set(list.devices.map(({ id }) => id)).size < list.devices.length)
    refuse('invalid_request', 'body.list: names a device twice');
  if (list.exp < nowMs / 1000 || list.exp - list.iat > YEAR_S)
    refuse('invalid_request', 'body.list: has expired, or is valid for more than a year');
  return { list, accountKey: await calculateJwkThumbprint(jwk) };
}

function headerOf(jws: string): unknown {
  try {
    return decodeProtectedHeader(jws);
  } catch {
    return refuse('invalid_request', 'body.list: is no compact JWS');
  }
}

async function payloadOf(jws: string, jwk: AccountKey): Promise<Buffer> {
  try {
    const { payload } = await compactVerify(jws, await importJWK(jwk, 'EdDSA'), {
      algorithms: ['EdDSA'],
    });
    return Buffer.from(payload);
  } catch (error) {
    const code = error instanceof errors.JOSEError ? error.code : 'the key is none';
    return refuse('invalid_request', `body.list: the signature does not verify (${code})`);
  }
}
