import { BOT } from '../wiring.ts';

/** A request to the client-server API, taken apart. */
export interface Call {
  readonly kind: CallKind;
  readonly method: string;
  /** Of the path after `/_matrix/client/v3`, still percent-encoded. */
  readonly parts: readonly string[];
  /** Whom the appservice acts as. */
  readonly as: string;
  readonly body: Buffer;
}

export type CallKind =
  | 'versions'
  | 'whoami'
  | 'register'
  | 'profile'
  | 'join'
  | 'joined-rooms'
  | 'members'
  | 'send'
  | 'state'
  | 'messages'
  | 'other';

const ofUser: Readonly<Record<string, CallKind>> = {
  register: 'register',
  profile: 'profile',
  join: 'join',
  joined_rooms: 'joined-rooms',
};

const ofRoom: Readonly<Record<string, CallKind>> = {
  join: 'join',
  joined_members: 'members',
  send: 'send',
  state: 'state',
  messages: 'messages',
};

/** @param url path and query. */
export function readCall(method: string, url: string, body: Buffer): Call {
  const [path = '', query = ''] = url.split('?');
  const parts = path.split('/').slice(4);
  const given = /(?:^|&)user_id=([^&]*)/.exec(query)?.[1];
  const as = given === undefined ? BOT : decodeURIComponent(given);
  return { kind: kindOf(path, parts), method, parts, as, body };
}

function kindOf(path: string, [first = '', , third = '']: readonly string[]): CallKind {
  if (path === '/_matrix/client/versions') return 'versions';
  if (path.endsWith('/account/whoami')) return 'whoami';
  return (first === 'rooms' ? ofRoom[third] : ofUser[first]) ?? 'other';
}

/** The room that a call is about: `rooms/{id}/…` or `join/{id}`. */
export const roomIn = ({ parts }: Call): string => decodeURIComponent(parts[1] ?? '');

export const jsonOf = ({ body }: Call): Readonly<Record<string, unknown>> =>
  body.length === 0 ? {} : JSON.parse(body.toString());
