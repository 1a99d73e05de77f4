import type { Dispatcher } from 'undici';
import type { Hub } from '../hub/hub.ts';
import type { Budgets, Rates } from '../limits/budgets.ts';
import type { Store } from '../store/index.ts';
import type { ProviderKeys } from '../tokens/provider-keys.ts';
import type { Secrets } from './secrets.ts';

/** What every resource may use. */
export interface Context {
  readonly domain: string;
  /** Where everybody finds it, and the audience of every token. */
  readonly origin: string;
  readonly folder: string;
  readonly store: Store;
  readonly hub: Hub;
  readonly budgets: Budgets;
  readonly rates: Rates;
  readonly keys: ProviderKeys;
  readonly agent: Dispatcher;
  readonly secrets: Secrets;
  readonly now: () => number;
  /** Tells a person a code, by a way that is not the provider's. */
  readonly sendCode: (visibleId: string, code: string) => void;
}

export const suites = ['mls10/1', 'e2b/1'] as const;
