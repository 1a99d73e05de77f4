import {
  type Capabilities,
  type CiphersuiteImpl,
  type CiphersuiteName,
  type ClientConfig,
  type ClientState,
  decodeMlsMessage,
  defaultAuthenticationService,
  defaultKeyPackageEqualityConfig,
  defaultPaddingConfig,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  type MLSMessage,
} from 'ts-mls';
import { BadWire, type WireCode } from '../refusal.ts';
import type { Member } from '../suite.ts';

/** The one suite that everybody must speak (RFC 9420, 17.1). */
export const NAME: CiphersuiteName = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519';

export const mlsLimits = {
  /** Of two people: a dozen devices each would be many. */
  members: 64,
  wireBytes: 256 * 1024,
  /** Keys of messages that have not come. The hub keeps the order, so what is missing was never sent. */
  skipped: 32,
  forward: 256,
  keyPackageDays: 90,
  /** Of one's own changes, so many may be ahead of what was heard. */
  unsettled: 8,
} as const;

const DAY_SECONDS = 24n * 3600n;

export const clientConfig: ClientConfig = {
  keyRetentionConfig: {
    retainKeysForGenerations: mlsLimits.skipped,
    retainKeysForEpochs: mlsLimits.unsettled,
    maximumForwardRatchetSteps: mlsLimits.forward,
  },
  lifetimeConfig: {
    maximumTotalLifetime: BigInt(mlsLimits.keyPackageDays + 1) * DAY_SECONDS,
    validateLifetimeOnReceive: false,
  },
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  paddingConfig: defaultPaddingConfig,
  // Who is who is for the caller to compare: `Member` says name and key.
  authService: defaultAuthenticationService,
};

export const capabilities: Capabilities = {
  versions: ['mls10'],
  ciphersuites: [NAME],
  extensions: [],
  proposals: [],
  credentials: ['basic'],
};

let implementation: Promise<CiphersuiteImpl> | undefined;
export const cipher = (): Promise<CiphersuiteImpl> =>
  (implementation ??= getCiphersuiteImpl(getCiphersuiteFromName(NAME)));

/** One whole message, and nothing behind it. */
export function readMessage(bytes: Uint8Array, code: WireCode = 'damaged'): MLSMessage {
  if (bytes.length > mlsLimits.wireBytes) throw new BadWire('too_large', `${bytes.length} bytes`);
  const [message, end] = decodeMlsMessage(bytes, 0) ?? [];
  if (!message || end !== bytes.length) throw new BadWire(code, 'not a message of MLS');
  return message;
}

const names = new TextDecoder('utf-8', { fatal: true });

/** Everybody in the tree: its leaves stand at the even places. */
export const membersOf = ({ ratchetTree }: ClientState): readonly Member[] =>
  ratchetTree.flatMap((node, at) =>
    node?.nodeType === 'leaf'
      ? [{ leaf: at / 2, name: nameOf(node.leaf), publicKey: node.leaf.signaturePublicKey }]
      : [],
  );

/** @throws BadWire */
export function checkMembers(state: ClientState): void {
  const { length } = membersOf(state);
  if (length > mlsLimits.members) throw new BadWire('too_large', `${length} devices`);
}

export const memberAt = (state: ClientState, leaf: number): Member | undefined =>
  membersOf(state).find((member) => member.leaf === leaf);

export function nameOf({ credential }: LeafLike): string {
  if (credential.credentialType !== 'basic') throw new BadWire('unwanted', 'not a name');
  return names.decode(credential.identity);
}

type LeafLike = Pick<
  Extract<ClientState['ratchetTree'][number], { nodeType: 'leaf' }>['leaf'],
  'credential'
>;
