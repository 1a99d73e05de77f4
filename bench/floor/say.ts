import { setTimeout as delay } from 'node:timers/promises';
import type { Said } from '../null/network-client.ts';
import { ghostOf, NETWORK, PREFIX, roomOf } from '../wiring.ts';
import { type Ask, Refused } from './ask.ts';

const MOST_TRIES = 12;
const id = encodeURIComponent;

/** Says things in rooms as ghosts, with the calls that our bridge makes as well. */
export class Sayer {
  readonly #ask: Ask;
  readonly #joined = new Set<string>();
  readonly #named = new Set<string>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** @returns the id of the event. Tried again under the same transaction id, so never twice there. */
  async say({ chat, user, seq, text }: Said): Promise<string> {
    const ghost = ghostOf(user);
    const room = roomOf(chat);
    await this.#inRoom(ghost, user, room);
    const path = `/rooms/${id(room)}/send/m.room.message/said-${seq}?user_id=${id(ghost)}`;
    for (let tries = 0; ; tries++) {
      try {
        const answer = await this.#ask('PUT', path, { msgtype: 'm.text', body: text });
        return String(answer['event_id']);
      } catch (error) {
        if (tries >= MOST_TRIES) throw error;
        const saysMs = error instanceof Refused ? error.json['retry_after_ms'] : undefined;
        await delay(typeof saysMs === 'number' ? saysMs : 20 * 2 ** tries);
      }
    }
  }

  /** How somebody appears in a room, asked once. */
  async meet(room: string, userId: string): Promise<void> {
    const key = `${room} ${userId}`;
    if (this.#joined.has(key)) return;
    this.#joined.add(key);
    await this.#ask('GET', `/rooms/${id(room)}/state/m.room.member/${id(userId)}`);
  }

  async #inRoom(ghost: string, user: string, room: string): Promise<void> {
    const key = `${room} ${ghost}`;
    if (this.#joined.has(key)) return;
    if (!this.#named.has(ghost)) await this.#introduce(ghost, user);
    await this.#ask('POST', `/rooms/${id(room)}/join?user_id=${id(ghost)}`);
    this.#joined.add(key);
  }

  async #introduce(ghost: string, user: string): Promise<void> {
    const username = `${PREFIX}${NETWORK}_${user}`;
    const type = 'm.login.application_service';
    await this.#ask('POST', '/register', { type, username, inhibit_login: true }).catch(
      (error: unknown) => {
        if (!(error instanceof Refused) || error.json['errcode'] !== 'M_USER_IN_USE') throw error;
      },
    );
    const path = `/profile/${id(ghost)}/displayname?user_id=${id(ghost)}`;
    await this.#ask('PUT', path, { displayname: user });
    this.#named.add(ghost);
  }
}
