import type { Typing } from '../typing.ts';
import type { ReceiptChange } from '../world/change.ts';
import { receiptContent } from '../world/receipts.ts';
import type { World } from '../world/world.ts';
import { caresForRoom } from './interest.ts';
import type { Appservice } from './registration.ts';

interface Source {
  readonly world: World;
  readonly typing: Typing;
}

/** Something that an appservice is told once, and that nobody keeps. */
export type Edu = Readonly<Record<string, unknown>>;

export function typingEdu(
  { world, typing }: Source,
  appservice: Appservice,
  roomId: string,
): Edu | undefined {
  const room = world.rooms.get(roomId);
  if (room === undefined || !caresForRoom(appservice, room, world)) return undefined;
  return { type: 'm.typing', room_id: roomId, content: { user_ids: typing.in(roomId) } };
}

/** A private receipt is told to the one whose user it is, and to nobody else. */
export function receiptEdu(
  { world }: Source,
  appservice: Appservice,
  receipt: ReceiptChange,
): Edu | undefined {
  const room = world.rooms.get(receipt.roomId);
  if (room === undefined || !caresForRoom(appservice, room, world)) return undefined;
  if (receipt.type === 'm.read.private' && !appservice.ownsUser(receipt.userId)) return undefined;
  return { type: 'm.receipt', room_id: room.id, content: receiptContent([receipt]) };
}
