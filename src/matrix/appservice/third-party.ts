import type { Context } from 'koa';
import type { AppserviceHandler, Protocol } from '../../ports/appservice.ts';
import { refuse } from './answer.ts';
import type { Route } from './routes.ts';

type Searched = Pick<AppserviceHandler, 'protocol' | 'find'>;

const under = (rest: string) => new RegExp(`^/_matrix/app/(?:v1|unstable)/thirdparty/${rest}$`);

/** Which of several networks is meant. */
const NETWORK = 'network';

/** What is searched for at each endpoint, and what its id is called in the answer. */
const SEARCHES = [
  { endpoint: 'location', what: 'chat', idName: 'alias' },
  { endpoint: 'user', what: 'user', idName: 'userid' },
] as const;

/**
 * What the homeserver tells its clients about the networks behind this bridge.
 *
 * @see https://spec.matrix.org/v1.18/application-service-api/#third-party-networks
 */
export function thirdParty(handler: Searched): Route[] {
  return [
    {
      method: 'GET',
      path: under('protocol/([^/]+)'),
      handle(ctx, id) {
        const protocol = handler.protocol(id);
        if (protocol) ctx.body = described(protocol);
        else refuse(ctx, 404, 'M_NOT_FOUND', 'This bridge has no such protocol');
      },
    },
    ...SEARCHES.map(
      (search): Route => ({
        method: 'GET',
        path: under(`${search.endpoint}/([^/]+)`),
        handle: (ctx, id) => answer(handler, ctx, { ...search, id }),
      }),
    ),
    // What an alias or a user id stands for: no homeserver asks.
    ...SEARCHES.map(
      ({ endpoint }): Route => ({ method: 'GET', path: under(endpoint), handle: nothing }),
    ),
  ];
}

/** The network is asked for first: what a client has from its user goes into the last field. */
function described({ searched, networks }: Protocol) {
  const { chat, user } = searched ?? {};
  const fieldsOf = (field: typeof chat) => (field ? [NETWORK, field.name] : []);
  const typeOf = ({ pattern, placeholder }: NonNullable<typeof chat>) => ({
    regexp: pattern,
    placeholder,
  });
  return {
    user_fields: fieldsOf(user),
    location_fields: fieldsOf(chat),
    // The key is required.
    icon: networks.find(({ icon }) => icon !== undefined)?.icon ?? '',
    field_types: {
      ...(searched && { [NETWORK]: { regexp: '[a-z0-9-]+', placeholder: networks[0]?.id ?? '' } }),
      ...(chat && { [chat.name]: typeOf(chat) }),
      ...(user && { [user.name]: typeOf(user) }),
    },
    instances: networks.map(({ id, displayName, icon }) => ({
      desc: displayName,
      ...(icon !== undefined && { icon }),
      network_id: id,
      fields: searched ? { [NETWORK]: id } : {},
    })),
  };
}

async function answer(
  handler: Searched,
  ctx: Context,
  { what, idName, id }: (typeof SEARCHES)[number] & { readonly id: string },
): Promise<void> {
  const field = handler.protocol(id)?.searched?.[what].name;
  const { [NETWORK]: network, [field ?? '']: name } = ctx.query;
  if (field === undefined || typeof name !== 'string') return nothing(ctx);
  const wanted = { protocol: id, what, name, ...(typeof network === 'string' && { network }) };
  ctx.body = (await handler.find(wanted)).map((found) => ({
    [idName]: found.id,
    protocol: id,
    fields: { [NETWORK]: found.network, [field]: name },
  }));
}

function nothing(ctx: Context): void {
  ctx.body = [];
}
