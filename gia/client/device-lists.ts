import type { KeyObject } from 'node:crypto';
import { DeviceList, DeviceListHeader, tokenTypes } from '../schemas/index.ts';
import { publicJwkOf, publicKeyOf, signJws, thumbprintOf, verifiedJws } from './jws.ts';

const YEAR_SECONDS = 365 * 24 * 3600;

/** All devices of a user, signed with the account key, which no server has. */
export function signDeviceList(
  list: Pick<DeviceList, 'v' | 'user_ref' | 'devices'>,
  accountKey: KeyObject,
): string {
  const iat = Math.floor(Date.now() / 1000);
  const header = { typ: tokenTypes.deviceList, jwk: publicJwkOf(accountKey) };
  return signJws(header, { ...list, iat, exp: iat + YEAR_SECONDS }, accountKey);
}

export interface VerifiedList {
  readonly list: DeviceList;
  /** RFC 7638 thumbprint of the account key: to be the same as ever, or its user has a new identity. */
  readonly accountKey: string;
}

/** @returns `undefined` of a list that is not signed by the key that it names, or is somebody else's, or too old */
export function verifyDeviceList(jws: string, userRef: string): VerifiedList | undefined {
  let accountKey = '';
  const read = verifiedJws(jws, (header) => {
    const { jwk } = DeviceListHeader.parse(header);
    accountKey = thumbprintOf(jwk);
    return publicKeyOf(jwk);
  });
  const list = DeviceList.safeParse(read?.payload);
  const isTheirs = list.success && list.data.user_ref === userRef;
  return isTheirs && list.data.exp > Date.now() / 1000
    ? { list: list.data, accountKey }
    : undefined;
}
