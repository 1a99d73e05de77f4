import { randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';
import { register, startSession, userIdOf } from '../actions/register.ts';
import { Fault, refused } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import { type Call, Reply } from '../http/call.ts';
import { client, type Route } from '../http/router.ts';
import { requester } from '../requester.ts';

const Body = z.object({
  type: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  device_id: z.string().optional(),
  initial_device_display_name: z.string().optional(),
  inhibit_login: z.boolean().default(false),
  auth: z.object({ type: z.string().optional() }).loose().optional(),
});
type Request = z.infer<typeof Body>;

const APPSERVICE = 'm.login.application_service';

/** New accounts, of people and of appservices. */
export function registerRoutes(homeserver: Homeserver): readonly Route[] {
  return [
    ...client('POST', '/register', async (call) => {
      if (call.query.get('kind') === 'guest') throw refused('Guest access is disabled', 403);
      const request = await call.json(Body);
      return request.type === APPSERVICE
        ? ofAppservice(homeserver, call, request)
        : ofPerson(homeserver, request);
    }),
    ...client('GET', '/register/available', (call) => {
      personsId(homeserver, call.query.get('username') ?? '');
      return { available: true };
    }),
  ];
}

function ofAppservice(homeserver: Homeserver, call: Call, request: Request): object {
  if (call.headers.authorization === undefined && !call.query.has('access_token'))
    throw new Fault(400, 'M_UNKNOWN', 'Appservice token must be provided');
  const { appservice } = requester(homeserver, call);
  if (appservice === undefined)
    throw new Fault(401, 'M_UNKNOWN_TOKEN', 'Unrecognised access token');
  if (request.username === undefined) throw refused('Desired Username is missing or not a string');
  const userId = userIdOf(homeserver, request.username);
  if (!appservice.ownsUser(userId))
    throw new Fault(400, 'M_EXCLUSIVE', 'Invalid user localpart for this application service.');
  register(homeserver, userId);
  return registered(homeserver, userId, request);
}

function ofPerson(homeserver: Homeserver, request: Request): object {
  const userId =
    request.username === undefined
      ? userIdOf(homeserver, String(randomInt(1e9)))
      : personsId(homeserver, request.username.toLowerCase());
  if (request.auth?.type !== 'm.login.dummy') return askForAuth();
  if (request.password === undefined)
    throw new Fault(400, 'M_MISSING_PARAM', 'Missing params: password');
  register(homeserver, userId, request.password);
  return registered(homeserver, userId, request);
}

/** @throws {Fault} where no person may have this name. */
function personsId(homeserver: Homeserver, username: string): string {
  if (!/^[a-z0-9._=/+-]+$/.test(username) || username.startsWith('_'))
    throw new Fault(
      400,
      'M_INVALID_USERNAME',
      "User ID can only contain characters a-z, 0-9, or '=_-./+', and may not begin with _",
    );
  const userId = userIdOf(homeserver, username);
  if (homeserver.world.accounts.has(userId))
    throw new Fault(400, 'M_USER_IN_USE', 'User ID already taken.');
  if (homeserver.appservices.some((appservice) => appservice.ownsUserAlone(userId)))
    throw new Fault(400, 'M_EXCLUSIVE', 'This user ID is reserved by an application service.');
  return userId;
}

function askForAuth(): Reply {
  return Reply.json(401, {
    session: randomBytes(12).toString('base64url'),
    flows: [{ stages: ['m.login.dummy'] }],
    params: {},
  });
}

function registered(homeserver: Homeserver, userId: string, request: Request): object {
  if (request.inhibit_login) return { user_id: userId, home_server: homeserver.serverName };
  const { device_id: id, initial_device_display_name: displayName } = request;
  return startSession(homeserver, userId, { id, displayName });
}
