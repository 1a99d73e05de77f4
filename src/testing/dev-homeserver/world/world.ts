import type { Content } from '../room/event.ts';
import { Room } from '../room/room.ts';
import { Accounts } from './accounts.ts';
import type { Change, ChangeOf, MediaChange } from './change.ts';
import { PersonalData } from './personal-data.ts';
import { Queues } from './queues.ts';
import { Receipts } from './receipts.ts';

/**
 * Everything that a homeserver knows, as the sum of its changes. Knows no HTTP, takes no decision:
 * whoever commits a change has checked it.
 */
export class World {
  /** How many changes there were: the place of the newest one. */
  position = 0;
  readonly accounts = new Accounts();
  readonly rooms = new Map<string, Room>();
  /** The rooms that a user has, or had, to do with. */
  readonly roomsOf = new Map<string, Set<string>>();
  readonly aliases = new Map<string, ChangeOf<'alias'>>();
  readonly personal = new PersonalData();
  readonly receipts = new Receipts();
  readonly media = new Map<string, MediaChange>();
  readonly queues = new Queues();

  apply(change: Change): void {
    this.position += 1;
    switch (change.kind) {
      case 'account':
      case 'password':
      case 'device':
      case 'device-gone':
      case 'token':
      case 'profile':
        this.accounts.apply(change);
        return;
      case 'event':
        this.#event(change);
        return;
      case 'forget':
      case 'listed':
        this.#room(change);
        return;
      case 'alias':
        this.aliases.set(change.alias, change);
        return;
      case 'alias-gone':
        this.aliases.delete(change.alias);
        return;
      case 'receipt':
        this.receipts.apply(change, this.position);
        return;
      case 'account-data':
      case 'filter':
        this.personal.apply(change, this.position);
        return;
      case 'media':
        this.media.set(change.id, change);
        return;
      case 'transaction':
      case 'acknowledged':
      case 'grown':
      case 'queue-lost':
        this.queues.apply(change);
        return;
    }
  }

  #event({ event, echo, interested, receivedAtMs }: ChangeOf<'event'>): void {
    const entry = {
      event,
      position: this.position,
      receivedAtMs: receivedAtMs ?? event.origin_server_ts,
      ...(echo && { echo }),
    };
    this.#roomFor(event.room_id, event.content).add(entry);
    if (event.type === 'm.room.member' && event.state_key !== undefined) {
      const rooms = this.roomsOf.get(event.state_key) ?? new Set();
      this.roomsOf.set(event.state_key, rooms.add(event.room_id));
      this.rooms.get(event.room_id)?.forgottenBy.delete(event.state_key);
    }
    for (const appservice of interested) this.queues.add(appservice, entry);
  }

  /** Of an unknown id: a new room, whose create event this is. */
  #roomFor(roomId: string, content: Content): Room {
    const known = this.rooms.get(roomId);
    if (known !== undefined) return known;
    const room = new Room(roomId, content['room_version'] === '11' ? '11' : '12');
    this.rooms.set(roomId, room);
    return room;
  }

  #room(change: ChangeOf<'forget' | 'listed'>): void {
    const room = this.rooms.get(change.roomId);
    if (change.kind === 'forget') room?.forgottenBy.add(change.userId);
    else if (room !== undefined) list(room, change);
  }
}

function list(room: Room, { instance, listed }: ChangeOf<'listed'>): void {
  if (instance === undefined) room.listed = listed;
  else if (listed) room.listedUnder.add(instance);
  else room.listedUnder.delete(instance);
}
