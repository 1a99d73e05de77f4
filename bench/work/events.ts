import { createHash } from 'node:crypto';
import { type Transaction, transactionOf } from '../null/pusher.ts';
import { Talk } from '../null/talk.ts';
import { PERSON, roomOf } from '../wiring.ts';

/** Messages of one person, room after room, as a homeserver writes them down for an appservice. */
export class Events {
  readonly #talk = new Talk();
  readonly #rooms: number;
  readonly #step: number;
  #count = 0;

  /** @param step from one room to the next, where not all are talked in. */
  constructor(rooms: number, step = 1) {
    this.#rooms = rooms;
    this.#step = step;
  }

  next() {
    const count = this.#count++;
    const chat = `c${(count % this.#rooms) * this.#step}`;
    return {
      age: 42,
      content: { body: this.#talk.say(chat), 'm.mentions': {}, msgtype: 'm.text' },
      event_id: `$${idOf(count)}`,
      origin_server_ts: 1_763_000_000_000 + count,
      room_id: roomOf(chat),
      sender: PERSON,
      type: 'm.room.message',
      unsigned: { age: 42 },
      user_id: PERSON,
    };
  }

  /** So many events, cut into transactions. Written before anything is measured. */
  transactions(events: number, size: number): readonly Transaction[] {
    return Array.from({ length: Math.ceil(events / size) }, () =>
      transactionOf(Array.from({ length: size }, () => this.next())),
    );
  }
}

/** As room versions since 4 have them: hashes, so that no two lie beside one another in an index. */
const idOf = (count: number): string =>
  createHash('sha256').update(String(count)).digest('base64url');
