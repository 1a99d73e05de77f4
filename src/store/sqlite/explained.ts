import { explain } from './explain.ts';

type Method = (...args: never[]) => unknown;

/** The same store, whose methods fail with an error that says what to do. */
export function explained<T extends object>(store: T, path: string): T {
  const wrap =
    (method: Method): Method =>
    (...args) => {
      const answer = method(...args);
      return answer instanceof Promise
        ? answer.catch((error) => fail(error, path))
        : iterate(answer as AsyncIterable<unknown>, path);
    };
  const methods = Object.entries(store).map(([name, method]) => [name, wrap(method as Method)]);
  return Object.fromEntries(methods) as T;
}

async function* iterate(values: AsyncIterable<unknown>, path: string): AsyncGenerator<unknown> {
  try {
    yield* values;
  } catch (error) {
    fail(error, path);
  }
}

function fail(error: unknown, path: string): never {
  throw explain(error, path);
}
