import { limits, type ProviderRequest, type ProviderRequestStatus } from '#gia/schemas';
import type { Context } from '../server/context.ts';
import type { Handlers } from '../server/handler.ts';
import { refuse } from '../server/refusal.ts';
import { randomId } from '../server/secrets.ts';
import type { ProviderRow } from '../store/providers.ts';

type Names = 'requestAccess' | 'getAccessRequest' | 'listProviders';

export function providerRequests({ store, now, domain }: Context): Handlers<Names> {
  return {
    requestAccess({ body }) {
      refuseForeignKeys(body);
      const request_id = randomId('pr_');
      const requested_ms = now();
      const row = { request_id, request: body, requested_ms, due_ms: dueMs(requested_ms) };
      store.transaction(() => {
        if (body.domain === domain || store.providers.byDomain(body.domain) !== undefined)
          refuse(
            'conflict',
            'There is a request of this domain: ask how it stands by its request_id',
          );
        store.providers.add(row);
      });
      return { status: 202, body: statusOf(found(store.providers.byRequest(request_id))) };
    },
    getAccessRequest: ({ params }) => ({
      status: 200,
      body: statusOf(found(store.providers.byRequest(params.request_id))),
    }),
    listProviders: () => ({
      status: 200,
      body: {
        providers: store.providers
          .all()
          .filter(({ state }) => state === 'operational')
          .map(({ domain, name, state, since_ms, request: { media_domains } }) => ({
            ...{ domain, name, state, since_ms, media_domains },
          })),
      },
    }),
  };
}

/** Three months later by the calendar. */
export function dueMs(fromMs: number): number {
  const due = new Date(fromMs);
  due.setUTCMonth(due.getUTCMonth() + limits.providerDueMonths);
  return due.getTime();
}

/** Else whoever can write a request would say where the keys of somebody else are. */
function refuseForeignKeys({ jwks_uri, domain }: ProviderRequest): void {
  if (jwks_uri === undefined) return;
  const host = URL.canParse(jwks_uri) ? new URL(jwks_uri).hostname : '';
  if (host !== domain && !host.endsWith(`.${domain}`))
    refuse('invalid_request', 'body.jwks_uri: has to be on the domain or below it');
}

const found = (row: ProviderRow | undefined): ProviderRow =>
  row ?? refuse('not_found', 'There is no request of this id');

const statusOf = (row: ProviderRow): ProviderRequestStatus => ({
  request_id: row.request_id,
  domain: row.domain,
  state: row.state,
  ...(!['requested', 'needs_info'].includes(row.state) && { integrator: row.integrator }),
  requested_ms: row.requested_ms,
  due_ms: row.due_ms,
  ...(row.note !== null && { note: row.note }),
});
