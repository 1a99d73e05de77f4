import { randomBytes } from 'node:crypto';
import type { ClientState } from 'ts-mls';

/**
 * The name of a group says of which conversation it is, and at which epoch of the hub it began: a conversation that is begun anew
 * is another group, whose own epochs begin at 0. All its members agree on the name.
 */
export const newGroupId = (conversation: string, epoch: number): Uint8Array =>
  new TextEncoder().encode(`${conversation}#${epoch}#${randomBytes(8).toString('hex')}`);

const name = /^([^#]+)#(\d{1,9})#[0-9a-f]{16}$/;

export function conversationOf({ groupContext }: ClientState): {
  conversation: string;
  base: number;
} {
  const [, conversation = '', base] =
    name.exec(new TextDecoder().decode(groupContext.groupId)) ?? [];
  return { conversation, base: Number(base ?? 0) };
}

/** As the hub counts. */
export const hubEpoch = (state: ClientState): number =>
  conversationOf(state).base + Number(state.groupContext.epoch);
