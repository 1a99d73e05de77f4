import { path } from '../src/testing/dev-homeserver/support/api.ts';

export const text = (body: string) => ({ msgtype: 'm.text', body });
export const sendTo = (room: string, txnId: string, type = 'm.room.message') =>
  path`/rooms/${room}/send/${type}/${txnId}`;
export const idOf = async (answer: Promise<{ body: { event_id: string } }>) =>
  (await answer).body.event_id;
