import { describe, expect, it } from 'vitest';
import { readCall } from '../../../bench/null/call.ts';
import { Rooms } from '../../../bench/null/rooms.ts';
import { BOT, ghostOf, roomOf } from '../../../bench/wiring.ts';

const v3 = '/_matrix/client/v3';
const ghost = ghostOf('u1');
const as = `?user_id=${encodeURIComponent(ghost)}`;
const room = encodeURIComponent(roomOf('c0'));

function homeserver() {
  const said: string[] = [];
  const rooms = new Rooms(1, (text) => said.push(text));
  const ask = (method: string, path: string, body: object = {}) => {
    const answer = rooms.take(readCall(method, v3 + path, Buffer.from(JSON.stringify(body))));
    return { status: answer.status, ...JSON.parse(answer.json) };
  };
  const send = (txn: string) =>
    ask('PUT', `/rooms/${room}/send/m.room.message/${txn}${as}`, { body: 'c0#0 hello' });
  return { ask, send, said };
}

describe('Rooms', () => {
  it('takes a message only of a ghost that is registered and in the room', () => {
    const { ask, send, said } = homeserver();

    expect(send('1')).toMatchObject({ status: 403 });
    ask('POST', '/register', { username: ghost.slice(1, ghost.indexOf(':')) });
    expect(send('1')).toMatchObject({ status: 403 });
    ask('POST', `/rooms/${room}/join${as}`);
    expect(send('1')).toMatchObject({ status: 200 });
    expect(said).toEqual(['c0#0 hello']);
  });

  it('answers a repeat under the same transaction id with the same event', () => {
    const { ask, send, said } = homeserver();
    ask('POST', '/register', { username: ghost.slice(1, ghost.indexOf(':')) });
    ask('POST', `/rooms/${room}/join${as}`);

    expect(send('1').event_id).toBe(send('1').event_id);
    expect(send('2').event_id).not.toBe(send('1').event_id);
    expect(said).toHaveLength(2);
  });

  it('knows the bot, and refuses to register anybody twice', () => {
    const { ask } = homeserver();
    const bot = BOT.slice(1, BOT.indexOf(':'));

    expect(ask('POST', '/register', { username: bot })).toMatchObject({
      status: 400,
      errcode: 'M_USER_IN_USE',
    });
  });
});
