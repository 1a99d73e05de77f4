import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { field } from '../util/fields.ts';
import { seldom } from '../util/seldom.ts';
import type { Answers } from './door.ts';

const LINE = "An operator's command";
/** What may stand in the log of what is asked. None of it is a secret; of anything else nobody knows. */
const KNOWN = ['user', 'network', 'reason', 'idleMs', 'isDry', 'deadlineMs'] as const;
/** Only looks, and programs do so again and again. */
const LOOK = 'state';
const LOOKS = { everyMs: 60_000, mostKeys: 1 };

/** Who asked for what. */
export interface Asked {
  readonly by: string;
  readonly what: string;
  readonly network?: string;
  /** As they were typed or by name. Absent where a secret may be among them. */
  readonly arguments?: string | object;
}

/** Does what an operator asks for, and keeps a line of it in the log: who, what, and what came of it. */
export async function audited<T>(log: Log, asked: Asked, run: () => Promise<T>): Promise<T> {
  try {
    const result = await run();
    log('info', LINE, { ...asked, outcome: 'ok' });
    return result;
  } catch (error) {
    log('info', LINE, { ...asked, outcome: 'failed', reason: reasonOf(error) });
    throw error;
  }
}

/** They may not, and are told so. */
export function sayRefused(log: Log, asked: Asked, reason: string): string {
  log('info', LINE, { ...asked, outcome: 'failed', reason });
  return reason;
}

/** All that may be asked for on the machine of the bridge, each with its line. */
export function auditedAll(answers: Answers, log: Log, clock: Clock): Answers {
  const looks = seldom(LOOKS);
  const isWorth = (what: string) => what !== LOOK || looks.isDue(what, clock.now());
  return Object.fromEntries(
    Object.entries(answers).map(([what, act]) => [
      what,
      async (asked) =>
        isWorth(what)
          ? audited(log, { by: 'the machine', what, arguments: knownOf(asked) }, () => act(asked))
          : act(asked),
    ]),
  );
}

const knownOf = (asked: unknown) =>
  Object.fromEntries(
    KNOWN.flatMap((name) => {
      const value = field(asked, name);
      return value === undefined || typeof value === 'object' ? [] : [[name, value]];
    }),
  );

/** The code of an error that has one: its words may be those of a network. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return String(code ?? message ?? error);
}
