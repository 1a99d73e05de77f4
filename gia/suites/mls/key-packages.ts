import { decode, encode } from 'cborg';
import {
  encodeMlsMessage,
  generateKeyPackageWithKey,
  type KeyPackage as Package,
  type PrivateKeyPackage,
} from 'ts-mls';
import { BadWire, orRefusal } from '../refusal.ts';
import type { DeviceIdentity, DeviceKeys, KeyPackage, KeyPackageFacts } from '../suite.ts';
import { capabilities, cipher, mlsLimits, NAME, nameOf, readMessage } from './library.ts';

export async function newDeviceKeys(): Promise<DeviceKeys> {
  const { publicKey, signKey } = await (await cipher()).signature.keygen();
  return { publicKey, privateKey: signKey };
}

export const newKeyPackages = (
  device: DeviceIdentity,
  count: number,
): Promise<readonly KeyPackage[]> =>
  Promise.all(Array.from({ length: count }, () => newKeyPackage(device)));

async function newKeyPackage(device: DeviceIdentity): Promise<KeyPackage> {
  const { publicPackage, privatePackage } = await generate(device);
  const published = encodeMlsMessage({
    ...{ version: 'mls10', wireformat: 'mls_key_package' },
    keyPackage: publicPackage,
  });
  const { initPrivateKey, hpkePrivateKey, signaturePrivateKey } = privatePackage;
  const stored = encode([1, published, initPrivateKey, hpkePrivateKey, signaturePrivateKey]);
  return { published, stored: new Uint8Array(stored) };
}

export async function generate({ name, keys }: DeviceIdentity) {
  const nowSeconds = BigInt(Math.floor(Date.now() / 1000));
  const day = 24n * 3600n;
  const lifetime = {
    notBefore: nowSeconds - day,
    notAfter: nowSeconds + BigInt(mlsLimits.keyPackageDays) * day,
  };
  const pair = { publicKey: plain(keys.publicKey), signKey: plain(keys.privateKey) };
  const identity = new TextEncoder().encode(name);
  const credential = { credentialType: 'basic', identity } as const;
  return generateKeyPackageWithKey(credential, capabilities, lifetime, [], pair, await cipher());
}

export function readKeyPackage(published: Uint8Array): Promise<KeyPackageFacts> {
  return orRefusal('bad_key_package', () => {
    const { leafNode } = packageIn(published);
    return { name: nameOf(leafNode), publicKey: leafNode.signaturePublicKey };
  });
}

export function packageIn(published: Uint8Array): Package {
  const message = readMessage(published, 'bad_key_package');
  const isOurs =
    message.wireformat === 'mls_key_package' && message.keyPackage.cipherSuite === NAME;
  if (!isOurs) throw new BadWire('bad_key_package', `not of ${NAME}`);
  return message.keyPackage;
}

/** What `newKeyPackages` had stored. */
export function storedPackage(stored: Uint8Array): { own: Package; secret: PrivateKeyPackage } {
  const [version, published, initPrivateKey, hpkePrivateKey, signaturePrivateKey] = decode(stored);
  if (version !== 1) throw new BadWire('bad_state', 'a key package of another format');
  return {
    own: packageIn(published),
    secret: { initPrivateKey, hpkePrivateKey, signaturePrivateKey },
  };
}

const plain = (bytes: Uint8Array) => new Uint8Array(bytes);
