import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './quantiles.ts';

const TIMES = 200;
const BYTES = Buffer.alloc(4096, 1);

/** How long the disk under a folder takes to make 4 KiB safe, as a median: what a durable bridge cannot beat. */
export function flushMs(dir: string): number {
  const path = join(dir, 'flush');
  const file = openSync(path, 'w');
  const took = Array.from({ length: TIMES }, () => {
    const from = performance.now();
    writeSync(file, BYTES);
    fdatasyncSync(file);
    return performance.now() - from;
  });
  closeSync(file);
  rmSync(path);
  return Number(median(took).toFixed(3));
}
