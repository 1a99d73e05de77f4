import { z } from 'zod';
import { hash, isPassword } from '../actions/register.ts';
import { forbidden, notFound } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import { Reply } from '../http/call.ts';
import { client, type Route } from '../http/router.ts';
import { requester } from '../requester.ts';

const Password = z.object({
  new_password: z.string().min(1),
  auth: z.object({ password: z.string().optional() }).loose().optional(),
});
const Device = z.object({ display_name: z.string().optional() });

/** The requester's own account and its devices. */
export function accountRoutes(homeserver: Homeserver): readonly Route[] {
  const { accounts } = homeserver.world;
  const devices = (userId: string) =>
    [...accounts.devicesOf(userId)].map(([id, name]) => deviceJson(userId, id, name));
  return [
    ...client('GET', '/account/whoami', (call) => {
      const { userId, deviceId } = requester(homeserver, call);
      return { user_id: userId, is_guest: false, ...(deviceId && { device_id: deviceId }) };
    }),
    ...client('POST', '/account/password', async (call) => {
      const { userId } = requester(homeserver, call);
      const { new_password: next, auth } = await call.json(Password);
      const secret = accounts.secretOf(userId);
      if (auth === undefined)
        return Reply.json(401, {
          session: 'password',
          flows: [{ stages: ['m.login.password'] }],
          params: {},
        });
      if (secret !== undefined && !isPassword(secret, auth.password ?? ''))
        throw forbidden('Invalid password');
      homeserver.commit({ kind: 'password', userId, secret: hash(next) });
      return {};
    }),
    ...client('GET', '/account/3pid', (call) => {
      requester(homeserver, call);
      return { threepids: [] };
    }),
    ...client('GET', '/devices', (call) => ({
      devices: devices(requester(homeserver, call).userId),
    })),
    ...client('GET', '/devices/:deviceId', (call) => {
      const { userId } = requester(homeserver, call);
      const id = call.param('deviceId');
      if (!accounts.devicesOf(userId).has(id)) throw notFound('No device found');
      return deviceJson(userId, id, accounts.devicesOf(userId).get(id));
    }),
    ...client('PUT', '/devices/:deviceId', async (call) => {
      const { userId, appservice } = requester(homeserver, call);
      const deviceId = call.param('deviceId');
      const { display_name: displayName } = await call.json(Device, {});
      const isKnown = accounts.devicesOf(userId).has(deviceId);
      if (!isKnown && appservice === undefined) throw notFound('No device found');
      homeserver.commit({ kind: 'device', userId, deviceId, ...(displayName && { displayName }) });
      return Reply.json(isKnown ? 200 : 201, {});
    }),
    ...client('DELETE', '/devices/:deviceId', (call) => {
      const { userId } = requester(homeserver, call);
      homeserver.commit({ kind: 'device-gone', userId, deviceId: call.param('deviceId') });
      return {};
    }),
  ];
}

const deviceJson = (userId: string, id: string, name: string | undefined) => ({
  user_id: userId,
  device_id: id,
  last_seen_ip: null,
  last_seen_ts: null,
  display_name: name ?? null,
});
