import { notSent } from './failures.ts';

/**
 * What may be done again after a failure.
 *
 * `idempotent`: anything, as a repeat changes nothing. `send`, `once`: only what a limit (429) held
 * back. A `send` has a transaction id, so that its caller may repeat it; a `once` has not.
 */
export type Retry = 'idempotent' | 'send' | 'once';

/** Endpoints that share a bound on how many of their requests run at once. */
export type BucketName = 'message' | 'membership' | 'profile' | 'room' | 'media' | 'other';

export interface Endpoint {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** Path with `{}` for each id, which is percent-encoded into it. Named so in errors and logs. */
  readonly path: string;
  readonly retry: Retry;
  readonly bucket: BucketName;
  /** How long one attempt may take. */
  readonly timeoutMs?: number;
  /** Sent without a token, and as nobody. */
  readonly isPublic?: true;
  /** Sent on the line that is held to the homeserver, as it is asked again and again. */
  readonly onLine?: true;
}

const v3 = '/_matrix/client/v3';

const get = (path: string, bucket: BucketName = 'other'): Endpoint => ({
  method: 'GET',
  path,
  retry: 'idempotent',
  bucket,
});

/** The first join of a room with many servers in it takes minutes. */
const SLOW_MS = 180_000;

/** Every endpoint that is called. @see https://spec.matrix.org/v1.18/client-server-api/ */
export const endpoints = {
  versions: { ...get('/_matrix/client/versions'), isPublic: true, onLine: true },
  whoami: get(`${v3}/account/whoami`),
  capabilities: get(`${v3}/capabilities`),
  ping: {
    method: 'POST',
    path: '/_matrix/client/v1/appservice/{}/ping',
    retry: 'once',
    bucket: 'other',
    // The homeserver itself waits a minute for our answer.
    timeoutMs: 70_000,
  },

  register: {
    method: 'POST',
    path: `${v3}/register`,
    retry: 'idempotent',
    bucket: 'profile',
  },
  setProfile: {
    method: 'PUT',
    path: `${v3}/profile/{}/{}`,
    retry: 'idempotent',
    bucket: 'profile',
  },

  send: { method: 'PUT', path: `${v3}/rooms/{}/send/{}/{}`, retry: 'send', bucket: 'message' },
  redact: { method: 'PUT', path: `${v3}/rooms/{}/redact/{}/{}`, retry: 'send', bucket: 'message' },
  event: get(`${v3}/rooms/{}/event/{}`),
  messages: get(`${v3}/rooms/{}/messages`),
  annotations: get('/_matrix/client/v1/rooms/{}/relations/{}/m.annotation/m.reaction'),
  typing: {
    method: 'PUT',
    path: `${v3}/rooms/{}/typing/{}`,
    retry: 'once',
    bucket: 'other',
    timeoutMs: 10_000,
  },
  setPresence: {
    method: 'PUT',
    path: `${v3}/presence/{}/status`,
    retry: 'once',
    bucket: 'other',
    timeoutMs: 10_000,
  },
  markRead: {
    method: 'POST',
    path: `${v3}/rooms/{}/receipt/m.read/{}`,
    retry: 'once',
    bucket: 'other',
    timeoutMs: 10_000,
  },

  join: {
    method: 'POST',
    path: `${v3}/rooms/{}/join`,
    retry: 'idempotent',
    bucket: 'membership',
    timeoutMs: SLOW_MS,
  },
  joinNamed: {
    method: 'POST',
    path: `${v3}/join/{}`,
    retry: 'idempotent',
    bucket: 'membership',
    timeoutMs: SLOW_MS,
  },
  invite: {
    method: 'POST',
    path: `${v3}/rooms/{}/invite`,
    retry: 'idempotent',
    bucket: 'membership',
  },
  leave: {
    method: 'POST',
    path: `${v3}/rooms/{}/leave`,
    retry: 'idempotent',
    bucket: 'membership',
  },
  kick: { method: 'POST', path: `${v3}/rooms/{}/kick`, retry: 'idempotent', bucket: 'membership' },
  ban: { method: 'POST', path: `${v3}/rooms/{}/ban`, retry: 'idempotent', bucket: 'membership' },
  unban: {
    method: 'POST',
    path: `${v3}/rooms/{}/unban`,
    retry: 'idempotent',
    bucket: 'membership',
  },

  createRoom: {
    method: 'POST',
    path: `${v3}/createRoom`,
    retry: 'once',
    bucket: 'room',
    timeoutMs: SLOW_MS,
  },
  setListed: {
    method: 'PUT',
    path: `${v3}/directory/list/appservice/{}/{}`,
    retry: 'idempotent',
    bucket: 'other',
  },
  roomOfAlias: { ...get(`${v3}/directory/room/{}`), timeoutMs: 90_000 },
  joinedMembers: { ...get(`${v3}/rooms/{}/joined_members`), timeoutMs: SLOW_MS },
  state: get(`${v3}/rooms/{}/state/{}/{}`),
  wholeState: { ...get(`${v3}/rooms/{}/state`), timeoutMs: SLOW_MS },
  setState: {
    method: 'PUT',
    path: `${v3}/rooms/{}/state/{}/{}`,
    retry: 'idempotent',
    bucket: 'room',
  },

  mediaConfig: get('/_matrix/client/v1/media/config'),
  upload: {
    method: 'POST',
    path: '/_matrix/media/v3/upload',
    retry: 'idempotent',
    bucket: 'media',
    timeoutMs: 600_000,
  },
  download: {
    ...get('/_matrix/client/v1/media/download/{}/{}', 'media'),
    timeoutMs: 120_000,
  },
} as const satisfies Record<string, Endpoint>;

/**
 * The path with the ids in it. Each is one segment, whatever is in it.
 *
 * @throws {MatrixError} `refused` for `.` and `..`: percent-encoded as well, they are steps in a path.
 */
export function pathOf(endpoint: Endpoint, ids: readonly string[]): string {
  let used = 0;
  return endpoint.path.replaceAll('{}', () => {
    const id = ids[used++] ?? '';
    if (id === '.' || id === '..')
      throw notSent(nameOf(endpoint), 'M_INVALID_PARAM', `"${id}" is no id`);
    return encodeURIComponent(id.toWellFormed());
  });
}

/** Such as `PUT /rooms/{}/send/{}/{}`. */
export const nameOf = (endpoint: Endpoint): string =>
  `${endpoint.method} ${endpoint.path.replace(/^\/_matrix\/(?:client|media)(?:\/v\d)?/, '')}`;
