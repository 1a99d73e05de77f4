import { z } from 'zod';
import { isPassword, startSession } from '../actions/register.ts';
import { Fault, forbidden, refused } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Call } from '../http/call.ts';
import { client, type Route } from '../http/router.ts';
import { appserviceOf, requester } from '../requester.ts';

const Body = z.object({
  type: z.string().optional(),
  identifier: z.object({ type: z.string(), user: z.string() }).optional(),
  /** From before there were identifiers. */
  user: z.string().optional(),
  password: z.string().optional(),
  device_id: z.string().optional(),
  initial_device_display_name: z.string().optional(),
});
type Request = z.infer<typeof Body>;

const PASSWORD = 'm.login.password';
const APPSERVICE = 'm.login.application_service';

/** Sessions: they begin and end here. */
export function loginRoutes(homeserver: Homeserver): readonly Route[] {
  const { accounts } = homeserver.world;
  return [
    ...client('GET', '/login', () => ({ flows: [{ type: PASSWORD }, { type: APPSERVICE }] })),
    ...client('POST', '/login', async (call) => {
      const request = await call.json(Body);
      const userId = whoLogsIn(homeserver, call, request);
      const { device_id: id, initial_device_display_name: displayName } = request;
      return startSession(homeserver, userId, { id, displayName });
    }),
    ...client('POST', '/logout', (call) => {
      const { userId, deviceId } = requester(homeserver, call);
      if (deviceId !== undefined) homeserver.commit({ kind: 'device-gone', userId, deviceId });
      return {};
    }),
    ...client('POST', '/logout/all', (call) => {
      const { userId } = requester(homeserver, call);
      for (const deviceId of [...accounts.devicesOf(userId).keys()])
        homeserver.commit({ kind: 'device-gone', userId, deviceId });
      return {};
    }),
  ];
}

function whoLogsIn(homeserver: Homeserver, call: Call, request: Request): string {
  if (request.type === undefined) throw refused('Missing JSON keys.');
  const named = request.identifier?.user ?? request.user;
  if (named === undefined) throw new Fault(400, 'M_INVALID_PARAM', 'Invalid login submission');
  const userId = named.startsWith('@') ? named : `@${named}:${homeserver.serverName}`;
  if (request.type === PASSWORD) checkPassword(homeserver, userId, request.password);
  else if (request.type === APPSERVICE) checkAppservice(homeserver, call, userId);
  else throw refused(`Unknown login type ${request.type}`);
  return userId;
}

function checkPassword({ world }: Homeserver, userId: string, password: string | undefined) {
  if (password === undefined) throw new Fault(400, 'M_INVALID_PARAM', 'Bad parameter: password');
  const secret = world.accounts.secretOf(userId);
  if (secret === undefined || !isPassword(secret, password))
    throw forbidden('Invalid username or password');
}

function checkAppservice(homeserver: Homeserver, call: Call, userId: string): void {
  if (!appserviceOf(homeserver, call).ownsUser(userId)) throw forbidden('Invalid access_token');
  if (!homeserver.world.accounts.has(userId)) throw refused('The user is not registered', 404);
}
