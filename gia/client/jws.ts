import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** Signs as compact JWS with Ed25519, the one algorithm that every gatekeeper takes. */
export function signJws(header: object, payload: object, key: KeyObject): string {
  const text = [{ alg: 'EdDSA', ...header }, payload].map(encodeJson).join('.');
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

export interface Jws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: unknown;
}

/**
 * What a JWS says, once it is known to be signed with the key. The algorithm is ours to choose and not its header's.
 * @returns `undefined` of one that is not, or is none at all
 */
export function verifiedJws(
  jws: string,
  keyOf: (header: Jws['header']) => KeyObject,
): Jws | undefined {
  try {
    const [header = '', payload = '', signature = ''] = jws.split('.');
    const said = decodeJson(header) as Jws['header'];
    const bytes = Buffer.from(signature, 'base64url');
    const isSigned = verify(null, Buffer.from(`${header}.${payload}`), keyOf(said), bytes);
    return isSigned && said['alg'] === 'EdDSA'
      ? { header: said, payload: decodeJson(payload) }
      : undefined;
  } catch {
    return undefined;
  }
}

export interface Ed25519Jwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}

export const publicKeyOf = ({ kty, crv, x }: Ed25519Jwk): KeyObject =>
  createPublicKey({ key: { kty, crv, x }, format: 'jwk' });

/** @param pem PKCS 8, as `openssl genpkey -algorithm ed25519` writes it */
export const privateKeyOf = (pem: string): KeyObject => createPrivateKey(pem);

export function publicJwkOf(key: KeyObject): Ed25519Jwk {
  const isPrivate = key.type === 'private';
  const { x = '' } = (isPrivate ? createPublicKey(key) : key).export({ format: 'jwk' });
  return { kty: 'OKP', crv: 'Ed25519', x };
}

/** RFC 7638. */
export const thumbprintOf = ({ crv, kty, x }: Ed25519Jwk): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');

const encodeJson = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decodeJson = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString());
