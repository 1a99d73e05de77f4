import type { Appservice } from './appservice/registration.ts';
import { Fault, forbidden } from './fault.ts';
import type { Homeserver } from './homeserver.ts';
import type { Call } from './http/call.ts';

/** Who asks. */
export interface Requester {
  readonly userId: string;
  /** Absent for an appservice that names no device. */
  readonly deviceId?: string | undefined;
  readonly appservice?: Appservice | undefined;
}

/** Reads who asks, from the token and from whom an appservice says it acts for. @throws {Fault} */
export function requester(homeserver: Homeserver, call: Call): Requester {
  const token = tokenOf(call);
  const appservice = homeserver.appservices.find(({ asToken }) => asToken === token);
  if (appservice !== undefined) return masquerade(homeserver, call, appservice);
  const session = homeserver.world.accounts.sessionOf(token);
  if (session === undefined)
    throw new Fault(401, 'M_UNKNOWN_TOKEN', 'Unrecognised access token', { soft_logout: false });
  return session;
}

export function appserviceOf(homeserver: Homeserver, call: Call): Appservice {
  const { appservice } = requester(homeserver, call);
  if (appservice === undefined) throw forbidden('Only an appservice may do this');
  return appservice;
}

function tokenOf({ headers, query }: Call): string {
  const given = query.get('access_token');
  const header = headers.authorization;
  if (header !== undefined && given !== null)
    throw new Fault(
      401,
      'M_MISSING_TOKEN',
      'Mixing Authorization headers and access_token query parameters.',
    );
  if (given !== null) return given;
  const [scheme, token] = header?.split(' ') ?? [];
  if (scheme !== 'Bearer' || token === undefined)
    throw new Fault(401, 'M_MISSING_TOKEN', 'Missing access token');
  return token;
}

function masquerade(homeserver: Homeserver, { query }: Call, appservice: Appservice): Requester {
  const userId = query.get('user_id') ?? appservice.sender;
  if (!appservice.ownsUser(userId))
    throw forbidden(`Application service cannot masquerade as this user (${userId}).`);
  const { accounts } = homeserver.world;
  if (userId !== appservice.sender && !accounts.has(userId))
    throw forbidden(`Application service has not registered this user (${userId})`);
  const deviceId = query.get('device_id') ?? undefined;
  if (deviceId !== undefined && !accounts.devicesOf(userId).has(deviceId))
    throw new Fault(
      400,
      'M_UNKNOWN_DEVICE',
      `Application service trying to use a device that doesn't exist ('${deviceId}' for ${userId})`,
    );
  return { userId, appservice, ...(deviceId !== undefined && { deviceId }) };
}

/** What the answer to a request with a transaction id is remembered under. */
export function idempotencyKey(call: Call, who: Requester): string {
  const by = who.appservice ? `appservice ${who.appservice.id}` : `${who.userId} ${who.deviceId}`;
  return `${by} ${call.path}`;
}
