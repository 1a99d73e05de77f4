import { z } from 'zod';
import { appendEvent, roomOr403 } from '../actions/append-event.ts';
import { Fault, refused } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Call } from '../http/call.ts';
import { client, type Route } from '../http/router.ts';
import { idempotencyKey, type Requester, requester } from '../requester.ts';
import type { Content, Echo } from '../room/event.ts';

/** So long is the transaction id of a device remembered, also over a restart. */
const DEVICE_MEMORY_MS = 24 * 3_600_000;

const Redact = z.object({ reason: z.string().optional() }).loose();

/** What is said in rooms. */
export function sendRoutes(homeserver: Homeserver): readonly Route[] {
  const send = async (call: Call, typed: string, content: (call: Call) => Promise<Content>) => {
    const who = requester(homeserver, call);
    return homeserver.idempotency.once(idempotencyKey(call, who), async () =>
      append(homeserver, call, { who, type: typed, content: await content(call) }),
    );
  };
  return [
    ...client('PUT', '/rooms/:room/send/:type/:txnId', (call) =>
      send(call, call.param('type'), () => call.content()),
    ),
    ...client('PUT', '/rooms/:room/redact/:eventId/:txnId', (call) =>
      send(call, 'm.room.redaction', async () => ({
        ...(await call.json(Redact)),
        redacts: call.param('eventId'),
      })),
    ),
  ];
}

function append(
  homeserver: Homeserver,
  call: Call,
  said: { readonly who: Requester; readonly type: string; readonly content: Content },
): object {
  const { who, type, content } = said;
  if (type === 'm.room.member') throw refused('Use the membership endpoints, or PUT the state');
  const room = roomOr403(homeserver, call.param('room'), who.userId);
  const { userId, deviceId } = who;
  const echo: Echo = { userId, deviceId, txnId: call.param('txnId') };
  const known = deviceId === undefined ? undefined : room.sentWith(echo);
  if (known !== undefined && Date.now() - known.receivedAtMs < DEVICE_MEMORY_MS)
    return { event_id: known.event.event_id };
  const sentAtMs = massagedTime(call, who);
  const draft = { type, sender: who.userId, content, ...(sentAtMs !== undefined && { sentAtMs }) };
  return { event_id: appendEvent(homeserver, room, draft, echo) };
}

/** When an appservice says that something was said: `ts`. For everybody else it has no meaning. */
export function massagedTime(call: Call, { appservice }: Requester): number | undefined {
  const sentAtMs = appservice && call.number('ts');
  if (sentAtMs !== undefined && !Number.isSafeInteger(sentAtMs))
    throw new Fault(400, 'M_BAD_JSON', 'JSON integer out of range');
  return sentAtMs;
}
