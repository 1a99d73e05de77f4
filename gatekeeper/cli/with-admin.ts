import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Admin, adminOf } from '../admin/providers.ts';
import { readSecrets } from '../server/secrets.ts';
import { openStore } from '../store/index.ts';

/** Where a command says something. */
export interface Io {
  out(line: string): void;
  err(line: string): void;
}

export interface Folder {
  readonly data: string;
  readonly domain: string;
}

/** Does something in the database of a gatekeeper, which may be running: it notices by itself. */
export async function withAdmin<T>(
  { data }: Pick<Folder, 'data'>,
  work: (admin: Admin) => T,
): Promise<Awaited<T>> {
  const path = join(data, 'gatekeeper.db');
  if (!existsSync(path))
    throw new Error(
      `There is no gatekeeper in ${data}: start it once with \`serve\`, or name its folder with --data`,
    );
  const store = openStore(path);
  try {
    return await work(adminOf(store, readSecrets(join(data, 'secret.key'))));
  } finally {
    store.close();
  }
}
