import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, der, integer, isTrue, octets, oid, sequence, set, time, utf8 } from './der.ts';

export interface TlsFiles {
  /** PEM, both. */
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 24 * 60 * 60_000;
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

/** A certificate for tests and trials, which is its own authority: whoever is to trust it is given it. */
export function selfMade(hosts: readonly string[], nowMs: number): TlsFiles {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(oid('2.5.4.3'), utf8('AliceChat test certificate'))));
  // A number whose highest bit is not set, and that does not begin with zeros.
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(15)]);
  const content = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    name,
    sequence(time(nowMs - DAY_MS), time(nowMs + 365 * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternativeNames(hosts), isAuthority)),
  );
  const signature = sign('sha256', content, privateKey);
  return {
    cert: pem('CERTIFICATE', sequence(content, ecdsaWithSha256, bits(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const isAuthority = sequence(oid('2.5.29.19'), isTrue, octets(sequence(isTrue)));

const alternativeNames = (hosts: readonly string[]) =>
  sequence(
    oid('2.5.29.17'),
    octets(
      sequence(
        ...hosts.map((host) =>
          isIP(host) === 4
            ? der(0x87, Buffer.from(host.split('.').map(Number)))
            : der(0x82, Buffer.from(host)),
        ),
      ),
    ),
  );

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
