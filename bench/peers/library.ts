import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Where the peers' own `node_modules` is: beside the sources, not beside what is built of them. */
export const PEERS_DIR = join(process.cwd(), 'bench/peers');

/** Loads a library of the peers. */
export const library = createRequire(join(PEERS_DIR, 'package.json'));
