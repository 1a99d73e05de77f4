import { addressIn, type Member, type Payload, type Wire } from '#gia';

/** One call of `sendMessage`. */
export interface Post {
  /** Absent where the suite has none. */
  readonly epoch?: number;
  /** With a handshake: who is in the group after it. */
  readonly members?: readonly { readonly user_ref: string; readonly device: string }[];
  readonly payloads: readonly Payload[];
}

/** What one message is on the wire: a change of the group before it, if there must be one, and it itself. */
export interface Sending {
  /** Of the container. */
  readonly id: string;
  /** New with each encoding: another one is another message to the gatekeeper. */
  readonly attempt: string;
  readonly clientMs: number;
  /** The group that was begun for it, by its hash. */
  readonly founded?: string;
  readonly posts: readonly Post[];
}

/** A handshake and the welcomes that it makes go together, as it holds only with them. */
export function postsOf(
  wires: readonly Wire[],
  { members, added }: { readonly members: readonly Member[]; readonly added: readonly string[] },
): readonly Post[] {
  const changes = wires.filter(({ type }) => type !== 'application');
  const said = wires.filter(({ type }) => type === 'application');
  const [first] = changes;
  const change = first && {
    epoch: first.epoch,
    members: members.map(({ name }) => addressIn(name)),
    payloads: changes.flatMap((wire) => payloadsOf(wire, added)),
  };
  const hasEpochs = members.length > 0;
  return [
    ...(change ? [change] : []),
    ...said.map((wire) => ({
      ...(hasEpochs && { epoch: wire.epoch }),
      payloads: payloadsOf(wire, added),
    })),
  ];
}

function payloadsOf({ type, bytes }: Wire, added: readonly string[]): readonly Payload[] {
  const body = Buffer.from(bytes).toString('base64url');
  if (type !== 'welcome') return [{ to: 'group', type, body }];
  return added.map((name) => ({ to: addressIn(name), type, body }));
}

export const hasChange = ({ members }: Post): boolean => members !== undefined;

export const toWire = (sending: Sending): Uint8Array => Buffer.from(JSON.stringify(sending));
export const fromWire = (wire: Uint8Array = new Uint8Array()): Sending =>
  JSON.parse(Buffer.from(wire).toString());
