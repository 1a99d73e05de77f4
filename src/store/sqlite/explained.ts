import type { Explain } from './explain.ts';

type Method = (...args: never[]) => unknown;

/** The same store, whose methods fail with an error that says what to do. */
export function explained<T extends object>(store: T, explain: Explain): T {
  const wrap =
    (method: Method): Method =>
    (...args) => {
      const answer = method(...args);
      return answer instanceof Promise
        ? answer.catch((error) => fail(error, explain))
        : iterate(answer as AsyncIterable<unknown>, explain);
    };
  const methods = Object.entries(store).map(([name, method]) => [name, wrap(method as Method)]);
  return Object.fromEntries(methods) as T;
}

async function* iterate(values: AsyncIterable<unknown>, explain: Explain): AsyncGenerator<unknown> {
  try {
    yield* values;
  } catch (error) {
    fail(error, explain);
  }
}

function fail(error: unknown, explain: Explain): never {
  throw explain(error);
}
