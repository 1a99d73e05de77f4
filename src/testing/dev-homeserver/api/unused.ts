import { z } from 'zod';
import { notFound } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Call } from '../http/call.ts';
import { client, exact, type Handler, type Route } from '../http/router.ts';
import { requester } from '../requester.ts';

const Any = z.record(z.string(), z.unknown());

const KeyQuery = z.object({ device_keys: Any.default({}) });

/** What clients ask for when they start, and what this homeserver has nothing of. */
export function unusedRoutes(homeserver: Homeserver): readonly Route[] {
  const empty =
    (answer: object): Handler =>
    (call: Call) => {
      requester(homeserver, call);
      return answer;
    };
  const rules = { content: [], override: [], room: [], sender: [], underride: [] };
  return [
    ...client('GET', '/pushrules/', empty({ global: rules })),
    ...client('GET', '/pushrules', empty({ global: rules })),
    ...client('GET', '/pushrules/global/', empty(rules)),
    ...client('GET', '/pushers', empty({ pushers: [] })),
    ...client('GET', '/notifications', empty({ notifications: [] })),
    ...client('GET', '/voip/turnServer', empty({})),
    ...client('POST', '/keys/query', async (call) => {
      requester(homeserver, call);
      const { device_keys: asked } = await call.json(KeyQuery);
      const none = Object.fromEntries(Object.keys(asked).map((userId) => [userId, {}]));
      return { device_keys: none, failures: {}, master_keys: {} };
    }),
    ...client('POST', '/keys/claim', empty({ one_time_keys: {}, failures: {} })),
    ...client('GET', '/keys/changes', empty({ changed: [], left: [] })),
    ...client('POST', '/keys/upload', empty({ one_time_key_counts: { signed_curve25519: 0 } })),
    ...client('GET', '/room_keys/version', (call) => {
      requester(homeserver, call);
      throw notFound('No backup found');
    }),
    ...client('PUT', '/sendToDevice/:type/:txnId', async (call) => {
      requester(homeserver, call);
      await call.json(Any);
      return {};
    }),
    exact('GET', '/.well-known/matrix/client', () => {
      throw notFound('This homeserver has no well-known file');
    }),
  ];
}
