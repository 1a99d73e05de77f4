import type { AppserviceClient } from '../appservice/client.ts';
import { succeeded } from '../appservice/client.ts';
import { notFound } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Call } from '../http/call.ts';
import { client, type Route } from '../http/router.ts';
import { requester } from '../requester.ts';
import { type Content, isObject } from '../room/event.ts';

/** The networks that appservices lead to, by what they say of them. */
export function thirdPartyRoutes(homeserver: Homeserver): readonly Route[] {
  return [
    ...client('GET', '/thirdparty/protocols', async (call) => {
      requester(homeserver, call);
      const ids = new Set(homeserver.appservices.flatMap(({ protocols }) => protocols));
      const found: Record<string, object> = {};
      for (const id of ids) {
        const protocol = await protocolOf(homeserver, id);
        if (protocol !== undefined) found[id] = protocol;
      }
      return found;
    }),
    ...client('GET', '/thirdparty/protocol/:protocol', async (call) => {
      requester(homeserver, call);
      const protocol = await protocolOf(homeserver, call.param('protocol'));
      if (protocol === undefined) throw notFound('Unknown protocol');
      return protocol;
    }),
    ...client('GET', '/thirdparty/user/:protocol', (call) => search(homeserver, call, 'user')),
    ...client('GET', '/thirdparty/location/:protocol', (call) =>
      search(homeserver, call, 'location'),
    ),
  ];
}

interface Source {
  readonly id: string;
  readonly client: AppserviceClient;
}

function sourcesOf({ couriers }: Homeserver, protocol: string): readonly Source[] {
  return [...couriers.values()].flatMap(({ appservice, client: face }) =>
    face !== undefined && appservice.protocols.includes(protocol)
      ? [{ id: appservice.id, client: face }]
      : [],
  );
}

/** What is known of a protocol; each of its networks is told apart by the appservice it is behind. */
async function protocolOf(homeserver: Homeserver, id: string): Promise<Content | undefined> {
  let found: Content | undefined;
  const instances: Content[] = [];
  for (const { id: appservice, client: face } of sourcesOf(homeserver, id)) {
    const said = await ask(face, `/thirdparty/protocol/${encodeURIComponent(id)}`);
    if (!isObject(said) || !Array.isArray(said['instances'])) continue;
    found ??= said;
    for (const one of said['instances'].filter(isObject))
      instances.push({ ...one, instance_id: `${appservice}|${one['network_id']}` });
  }
  return found && { ...found, instances };
}

async function search(homeserver: Homeserver, call: Call, what: 'user' | 'location') {
  requester(homeserver, call);
  const protocol = call.param('protocol');
  const fields = new URLSearchParams(call.query);
  fields.delete('access_token');
  const key = what === 'user' ? 'userid' : 'alias';
  const found: Content[] = [];
  for (const { client: face } of sourcesOf(homeserver, protocol)) {
    const said = await ask(face, `/thirdparty/${what}/${encodeURIComponent(protocol)}?${fields}`);
    if (Array.isArray(said))
      found.push(...said.filter((one) => isObject(one) && typeof one[key] === 'string'));
  }
  return found;
}

/** `undefined` where there is no answer, or none that says anything. */
async function ask(face: AppserviceClient, path: string): Promise<unknown> {
  const answer = await face.call('GET', path).catch(() => undefined);
  return answer !== undefined && succeeded(answer) ? JSON.parse(answer.body) : undefined;
}
