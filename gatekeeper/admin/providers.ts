import type { ProviderState } from '#gia/schemas';
import { Hub } from '../hub/hub.ts';
import type { Secrets } from '../server/secrets.ts';
import type { Store } from '../store/index.ts';
import type { ProviderRow } from '../store/providers.ts';

export interface Admin {
  readonly store: Store;
  readonly hub: Hub;
  readonly now: () => number;
}

export const adminOf = (store: Store, secrets: Secrets, now: () => number = Date.now): Admin => ({
  store,
  hub: new Hub(store, secrets, now),
  now,
});

/** From where a state may be reached. */
const from: Readonly<Record<ProviderState, readonly ProviderState[]>> = {
  requested: [],
  needs_info: ['requested'],
  agreed: ['requested', 'needs_info'],
  operational: ['requested', 'needs_info', 'agreed', 'suspended'],
  suspended: ['operational'],
  ended: ['requested', 'needs_info', 'agreed', 'operational', 'suspended'],
};

export interface ProviderMove {
  readonly to: ProviderState;
  readonly note?: string;
  readonly trustsAuth?: boolean;
  readonly bridgesOnly?: boolean;
}

/** Moves a provider on. @throws {Error} which says from where that can be done. */
export function moveProvider(
  { store, hub, now }: Admin,
  domain: string,
  move: ProviderMove,
): ProviderRow {
  const row = store.providers.byDomain(domain);
  if (row === undefined) throw new Error(`There is no request of ${domain}: see \`provider list\``);
  if (!from[move.to].includes(row.state))
    throw new Error(
      `${domain} is ${row.state}; to be ${move.to} it must be ${from[move.to].join(' or ')}`,
    );
  store.transaction(() => {
    store.providers.change(row, {
      state: move.to,
      since_ms: now(),
      note: move.note ?? null,
      ...(move.trustsAuth !== undefined && { trusts_auth: move.trustsAuth }),
      ...(move.bridgesOnly !== undefined && { bridges_only: move.bridgesOnly }),
    });
    const text = `You are ${move.to} here${move.note === undefined ? '' : `: ${move.note}`}`;
    if (row.state === 'operational' || row.state === 'suspended')
      hub.tellProvider(row.integrator, { type: 'provider.notice', data: { text } });
  });
  return { ...row, state: move.to };
}
