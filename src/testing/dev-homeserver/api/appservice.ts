import { z } from 'zod';
import { type AppserviceAnswer, succeeded } from '../appservice/client.ts';
import { Fault, forbidden } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Call } from '../http/call.ts';
import { exact, type Route } from '../http/router.ts';
import { appserviceOf } from '../requester.ts';

const Ping = z.object({ transaction_id: z.string().optional() });

/** `POST /appservice/{id}/ping`: whether the appservice can be reached from here. */
export function appserviceRoutes(homeserver: Homeserver): readonly Route[] {
  return [
    exact('POST', '/_matrix/client/v1/appservice/:id/ping', (call) => ping(homeserver, call)),
  ];
}

async function ping(homeserver: Homeserver, call: Call): Promise<object> {
  const { id } = appserviceOf(homeserver, call);
  if (id !== call.param('id')) throw forbidden('The token is not of this appservice');
  const body = await call.json(Ping, {});
  const courier = homeserver.couriers.get(id);
  if (courier?.client === undefined)
    throw new Fault(400, 'M_URL_NOT_SET', 'The appservice has no URL');
  const startedMs = performance.now();
  const answer = await courier.client
    .call('POST', '/ping', JSON.stringify(body))
    .catch(unreachable);
  checkAnswer(answer);
  courier.retryNow();
  return { duration_ms: Math.round(performance.now() - startedMs) };
}

/** Nobody took the request. */
const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** A connection that breaks without an answer counts as a time-out, as on Synapse. */
function unreachable(error: unknown): never {
  const code = String((error as { code?: unknown }).code);
  if (NOT_CONNECTED.includes(code)) throw failed(`The appservice cannot be reached: ${code}`);
  throw new Fault(504, 'M_CONNECTION_TIMEOUT', 'The appservice did not answer');
}

const failed = (message: string) => new Fault(502, 'M_CONNECTION_FAILED', message);

function checkAnswer(answer: AppserviceAnswer): void {
  const { status, body } = answer;
  if (succeeded(answer)) return;
  if (status >= 200 && status < 300) throw failed('The appservice did not answer with JSON');
  throw new Fault(502, 'M_BAD_STATUS', `The appservice answered ${status}`, { status, body });
}
