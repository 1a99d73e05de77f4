import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { StorageError } from '../ports/storage-error.ts';

const nonceBytes = 12;
const tagBytes = 16;

/** A value as it lies on the disk: nonce, tag, ciphertext; and which key opens it. */
export interface Sealed {
  readonly keyId: string;
  readonly bytes: Uint8Array;
}

/**
 * Where a value lies: its table and what names its row. It is authenticated with the value, so that
 * nobody who can write to the file can put one value in the place of another.
 */
export type Place = readonly [table: string, ...names: (string | null)[]];

/** Encrypts values at rest with AES-256-GCM. */
export interface Sealer {
  seal(place: Place, value: Uint8Array): Sealed;
  /** @throws {StorageError} when it was sealed with another key, or is not what was sealed there. */
  open(place: Place, sealed: Sealed): Uint8Array;
}

export function sealer(key: Uint8Array): Sealer {
  if (key.length !== 32)
    throw new StorageError(
      `The storage key has ${key.length} bytes instead of 32: give the whole key.`,
    );
  const secret = Uint8Array.from(key);
  const keyId = createHash('sha256').update(secret).digest('hex').slice(0, 16);
  return {
    seal(place, value) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(aad(place));
      const body = Buffer.concat([cipher.update(value), cipher.final()]);
      return { keyId, bytes: Buffer.concat([nonce, cipher.getAuthTag(), body]) };
    },
    open(place, sealed) {
      if (sealed.keyId !== keyId) throw otherKey(place, sealed.keyId, keyId);
      return decrypt(secret, place, sealed.bytes);
    },
  };
}

function decrypt(secret: Uint8Array, place: Place, bytes: Uint8Array): Uint8Array {
  try {
    const opener = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    })
      .setAAD(aad(place))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    const body = opener.update(bytes.subarray(nonceBytes + tagBytes));
    return new Uint8Array(Buffer.concat([body, opener.final()]));
  } catch (error) {
    throw new StorageError(
      `${nameOf(place)} is damaged, or was moved there from elsewhere: restore the database from a backup.`,
      { cause: error },
    );
  }
}

const aad = (place: Place): Buffer => Buffer.from(JSON.stringify(place));

const nameOf = (place: Place): string =>
  `The value of ${place.filter((name) => name !== null).join(' / ')}`;

const otherKey = (place: Place, theirs: string, ours: string): StorageError =>
  new StorageError(
    `${nameOf(place)} is encrypted with the storage key ${theirs}, but the key given is ${ours}: ` +
      'give the key that the database was made with (its key file, or the environment variable).',
  );
