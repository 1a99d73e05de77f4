/** Hears of each call of what is watched. */
export interface Watcher {
  /** Before it begins. What is returned is called once it has ended. */
  begins(point: string): () => void;
}

/** What is watched, by the path of the method or field: `session.message`. */
export interface Rules {
  readonly watcher: Watcher;
  /** Methods that do nothing outside of the process. */
  readonly ignored: ReadonlySet<string>;
  /** What tells one call of a method from another: of a commit, what it writes. */
  readonly detail: Readonly<Record<string, (...args: never[]) => string>>;
  /** What a field holds or a method gives is watched as well, under this name. */
  readonly inside: Readonly<Record<string, string>>;
  /** What a method is given first is watched as well. */
  readonly given: Readonly<Record<string, string>>;
}

type Method = (...args: unknown[]) => unknown;

/** The same object, of which each call of a method is told to the watcher. What is absent stays so. */
export function watch<T>(target: T, name: string, rules: Rules): T {
  if (Array.isArray(target)) return target.map((each) => watch(each, name, rules)) as T;
  if (typeof target !== 'object' || target === null) return target;
  return new Proxy(target, {
    get(from, key) {
      const value: unknown = Reflect.get(from, key);
      const path = `${name}.${String(key)}`;
      if (typeof value === 'function') return watchedMethod(value.bind(from), path, rules);
      return inside(value, path, rules);
    },
  });
}

function watchedMethod(method: Method, path: string, rules: Rules): Method {
  if (rules.ignored.has(path)) return method;
  return (...args) => {
    const detail = rules.detail[path]?.(...(args as never[]));
    const ended = rules.watcher.begins(detail === undefined ? path : `${path}(${detail})`);
    const name = rules.given[path];
    const [first, ...rest] = args;
    const given = name === undefined ? args : [watch(first, name, rules), ...rest];
    const done = (result: unknown) => {
      ended();
      return inside(result, path, rules);
    };
    return whenDone(method(...given), done, ended);
  };
}

const inside = (value: unknown, path: string, rules: Rules): unknown => {
  const name = rules.inside[path];
  return name === undefined ? value : watch(value, name, rules);
};

function whenDone(result: unknown, done: (result: unknown) => unknown, failed: () => void) {
  if (result instanceof Promise)
    return result.then(done, (error: unknown) => {
      failed();
      throw error;
    });
  return isAsyncIterable(result) ? iterate(result, failed) : done(result);
}

async function* iterate(values: AsyncIterable<unknown>, ended: () => void) {
  try {
    yield* values;
  } finally {
    ended();
  }
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
