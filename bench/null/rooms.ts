import { BOT, PERSON, roomOf, SERVER } from '../wiring.ts';
import { type Call, jsonOf, roomIn } from './call.ts';

export interface Answer {
  readonly status: number;
  readonly json: string;
}

const answer = (body: object, status = 200): Answer => ({ status, json: JSON.stringify(body) });
const refuse = (status: number, errcode: string, error: string): Answer =>
  answer({ errcode, error }, status);

/** So many answers to sends are remembered, as a homeserver forgets old ones too. */
const MOST_REMEMBERED = 200_000;

/**
 * The least that a homeserver must know to be strict: who is registered, who is in which room, and
 * what was sent under which transaction id.
 */
export class Rooms {
  readonly #users = new Set([BOT]);
  readonly #members = new Map<string, Set<string>>();
  readonly #sent = new Map<string, string>();
  readonly #state = new Map<string, object>();
  readonly #said: (body: string) => void;
  #events = 0;

  /** @param said is called once for each message, whatever is repeated. */
  constructor(portals: number, said: (body: string) => void) {
    this.#said = said;
    for (let index = 0; index < portals; index++)
      this.#members.set(roomOf(`c${index}`), new Set([BOT, PERSON]));
  }

  take(call: Call): Answer {
    if (call.kind === 'versions') return answer({ versions: ['v1.11'] });
    if (call.kind === 'register') return this.#register(call);
    if (!this.#users.has(call.as)) return refuse(403, 'M_FORBIDDEN', `${call.as} is nobody here`);
    switch (call.kind) {
      case 'send':
        return this.#send(call);
      case 'join':
        this.#membersOf(roomIn(call)).add(call.as);
        return answer({ room_id: roomIn(call) });
      case 'state':
        return this.#stateOf(call);
      case 'members': {
        const joined = [...this.#membersOf(roomIn(call))].map((who) => [who, {}]);
        return answer({ joined: Object.fromEntries(joined) });
      }
      case 'messages':
        return answer({ chunk: [] });
      case 'joined-rooms':
        return answer({ joined_rooms: [] });
      case 'whoami':
        return answer({ user_id: call.as });
      default:
        return answer({});
    }
  }

  #register(call: Call): Answer {
    const userId = `@${String(jsonOf(call)['username'])}:${SERVER}`;
    if (this.#users.has(userId)) return refuse(400, 'M_USER_IN_USE', 'It is there already');
    this.#users.add(userId);
    return answer({ user_id: userId });
  }

  #send(call: Call): Answer {
    const room = roomIn(call);
    if (!this.#membersOf(room).has(call.as))
      return refuse(403, 'M_FORBIDDEN', `${call.as} is not in ${room}`);
    const key = `${call.as} ${call.parts[4]}`;
    const known = this.#sent.get(key);
    if (known !== undefined) return answer({ event_id: known });
    const id = `$e${++this.#events}:${SERVER}`;
    this.#sent.set(key, id);
    if (this.#sent.size > MOST_REMEMBERED) this.#forgetOldest();
    this.#said(String(jsonOf(call)['body']));
    return answer({ event_id: id });
  }

  #forgetOldest(): void {
    const [oldest] = this.#sent.keys();
    if (oldest !== undefined) this.#sent.delete(oldest);
  }

  #stateOf(call: Call): Answer {
    const [, , , type = '', key = ''] = call.parts.map(decodeURIComponent);
    const name = `${roomIn(call)} ${type} ${key}`;
    if (call.method === 'PUT') {
      this.#state.set(name, jsonOf(call));
      return answer({ event_id: `$s${++this.#events}:${SERVER}` });
    }
    const content = this.#state.get(name) ?? this.#implied(roomIn(call), type, key);
    return content ? answer(content) : refuse(404, 'M_NOT_FOUND', 'There is no such state');
  }

  /** What follows from who is in the room. */
  #implied(room: string, type: string, key: string): object | undefined {
    if (type === 'm.room.power_levels') return { users: { [BOT]: 100 }, users_default: 0 };
    const isMember = type === 'm.room.member' && this.#membersOf(room).has(key);
    return isMember ? { membership: 'join' } : undefined;
  }

  #membersOf(room: string): Set<string> {
    const known = this.#members.get(room);
    if (known) return known;
    const made = new Set<string>();
    this.#members.set(room, made);
    return made;
  }
}
