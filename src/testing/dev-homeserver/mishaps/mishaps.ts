import { seeded } from '../../seeded.ts';
import { type DeliveryMishap, Mishap, type MishapInput, type RequestMishap } from './mishap.ts';

/** A request, as far as a mishap looks at it. */
export interface Asked {
  readonly method: string;
  /** The parts of the path after the version of the API, decoded. */
  readonly segments: readonly string[];
  readonly appservice: string | undefined;
}

/** A mishap that was asked for, and what became of it. */
export interface Happening {
  readonly mishap: Mishap;
  /** How often it has happened. */
  readonly count: number;
}

interface Pending extends Happening {
  count: number;
  readonly isHit: () => boolean;
}

/** The mishaps that were asked for, oldest first: of several that could happen the oldest does. */
export class Mishaps {
  #all: Pending[] = [];

  /** @throws {z.ZodError} for what is no mishap. */
  add(given: MishapInput): Happening {
    const mishap = Mishap.parse(given);
    const { chance } = mishap;
    const random = seeded(chance?.seed ?? 0);
    const isHit = () => chance === undefined || random() < chance.of;
    const pending = { mishap, count: 0, isHit };
    this.#all.push(pending);
    return pending;
  }

  clear(): void {
    this.#all = [];
  }

  all(): readonly Happening[] {
    return this.#all.map(({ mishap, count }) => ({ mishap, count }));
  }

  /** What happens to this request, used up by it. */
  ofRequest(asked: Asked): RequestMishap | undefined {
    return this.#take(
      (mishap): mishap is RequestMishap => isOfRequest(mishap) && isMet(mishap, asked),
    );
  }

  /** What happens to what this appservice is told, used up by it. */
  ofDelivery(is: DeliveryMishap['is'], appservice: string): DeliveryMishap | undefined {
    return this.#take(
      (mishap): mishap is DeliveryMishap =>
        mishap.is === is && (mishap.appservice ?? appservice) === appservice,
    );
  }

  #take<M extends Mishap>(isMet: (mishap: Mishap) => mishap is M): M | undefined {
    for (const pending of this.#all) {
      const { mishap, count } = pending;
      if (mishap.times !== 'always' && count >= mishap.times) continue;
      if (!isMet(mishap) || !pending.isHit()) continue;
      pending.count += 1;
      return mishap;
    }
    return undefined;
  }
}

const DELIVERIES: readonly Mishap['is'][] = [
  'repeat-transaction',
  'lose-answer',
  'grow-transaction',
  'lose-event',
  'lay-aside',
];
const isOfRequest = (mishap: Mishap): mishap is RequestMishap => !DELIVERIES.includes(mishap.is);

const isMet = ({ on, room, appservice }: RequestMishap, asked: Asked): boolean =>
  (on === undefined || begins(on, asked)) &&
  (room === undefined || asked.segments.includes(room)) &&
  (appservice ?? asked.appservice) === asked.appservice;

function begins(on: string, { method, segments }: Asked): boolean {
  const [wanted, path = ''] = on.split(/ \/(.*)/s);
  const parts = path.split('/');
  return (
    wanted === method && parts.every((part, index) => part === '{}' || part === segments[index])
  );
}
