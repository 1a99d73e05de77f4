import { refuse } from '../server/refusal.ts';
import { type Rate, type Taken, type TokenBucket, tokenBucket } from './token-bucket.ts';

const dayS = 24 * 60 * 60;

export const defaultRates = {
  /** All calls of one provider, or of one local user. */
  caller: { burst: 1000, perSecond: 200 },
  /** Messages of one user. */
  messages: { burst: 100, perSecond: 20 },
  /** Bytes of what one user says, as they wait on disk. */
  messageBytes: { burst: 32 * 1024 * 1024, perSecond: 256 * 1024 },
  /** Typing and receipts of one user. */
  ephemeral: { burst: 50, perSecond: 10 },
  /** Conversations of one user with people who are new to it. */
  firstContacts: { burst: 10, perSecond: 10 / dayS },
  /** Key packages of one device, claimed by one user. */
  keyClaims: { burst: 10, perSecond: 1 / 600 },
  /** Ids looked up by one user. */
  lookups: { burst: 100, perSecond: 100 / dayS },
  /** New users of one provider. */
  enlistments: { burst: 1000, perSecond: 1 },
  /** Passwords tried for one name. */
  logins: { burst: 10, perSecond: 1 / 30 },
  /** Of one address, calls that were not of anybody known. */
  strangers: { burst: 50, perSecond: 5 },
} as const satisfies Record<string, Rate>;

export type BudgetName = keyof typeof defaultRates;
export type Rates = Partial<Record<BudgetName, Rate>>;

/** Takes one from a budget, or so many, or refuses with how long to wait. */
export type Budgets = (name: BudgetName, key: string, cost?: number) => Taken;

export function budgets(rates: Rates, now: () => number): Budgets {
  const buckets = Object.fromEntries(
    Object.entries({ ...defaultRates, ...rates }).map(([name, rate]) => [name, tokenBucket(rate)]),
  ) as Record<BudgetName, TokenBucket>;
  return (name, key, cost) => {
    const taken = buckets[name].take(key, now(), cost);
    if (taken.waitMs > 0)
      refuse('rate_limited', `The budget "${name}" is used up`, { retry_after_ms: taken.waitMs });
    return taken;
  };
}

/** As `RateLimit-*` headers. */
export const rateHeaders = (
  { left, fullInMs }: Taken,
  { burst }: Rate,
): Record<string, string> => ({
  'RateLimit-Limit': String(burst),
  'RateLimit-Remaining': String(left),
  'RateLimit-Reset': String(Math.ceil(fullInMs / 1000)),
});
