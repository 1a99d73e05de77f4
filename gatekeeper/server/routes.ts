import { basePath, laterPaths, type Operation, type OperationName, operations } from '#gia/schemas';
import { refuse } from './refusal.ts';

export interface Route {
  readonly name: OperationName;
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly name: OperationName;
  readonly operation: Operation;
  readonly path: RegExp;
}

/** What names no parameter goes first: `/media/proxy` is no file. */
const patterns: readonly Pattern[] = Object.entries<Operation>(operations)
  .sort(([, a], [, b]) => Number(a.path.includes('{')) - Number(b.path.includes('{')))
  .map(([name, operation]) => ({
    name: name as OperationName,
    operation,
    path: new RegExp(`^${operation.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
  }));

/** Finds what is called, or refuses. */
export function routeOf(method: string, path: string): Route {
  const below = path.startsWith(basePath) ? path.slice(basePath.length) || '/' : '';
  const found = patterns.filter(({ path: pattern }) => pattern.test(below));
  const pattern = found.find(({ operation }) => operation.method === method);
  if (pattern === undefined) return refuseUnknown(method, below, found);
  const params = Object.entries(pattern.path.exec(below)?.groups ?? {});
  return { ...pattern, params: Object.fromEntries(params.map(([k, v]) => [k, decoded(v)])) };
}

function refuseUnknown(method: string, path: string, found: readonly Pattern[]): never {
  const later = laterPaths.find(({ pattern }) => pattern.test(path));
  if (later !== undefined)
    refuse(
      'capability_not_enabled',
      `This belongs to level ${later.level}, which is not enabled here`,
    );
  const methods = found.map(({ operation }) => operation.method).join(', ');
  if (methods !== '') refuse('not_found', `There is ${methods} here, but no ${method}`);
  refuse(
    'not_found',
    `There is nothing here: the paths begin with ${basePath} and are in openapi.json`,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('invalid_request', 'The path has an escape that is none');
  }
}
