import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import {
  type DevHomeserver,
  type DevHomeserverOptions,
  startDevHomeserver,
} from '../../../../../src/testing/dev-homeserver/index.ts';
import { type StubAppservice, startStubAppservice } from './stub-appservice.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Has `end` called when the test is over, the latest first. */
export const atTheEnd = (end: () => unknown) => {
  endings.push(end);
};

/** A homeserver `hs.test` that ends with the test. */
export async function homeserver(
  options: Partial<DevHomeserverOptions> = {},
): Promise<DevHomeserver> {
  const started = await startDevHomeserver({
    serverName: 'hs.test',
    registrations: [],
    retryBaseMs: 5,
    log: () => {},
    ...options,
  });
  let isClosed = false;
  const close = async () => {
    if (!isClosed) await started.close();
    isClosed = true;
  };
  atTheEnd(close);
  return { ...started, close };
}

export async function stubAppservice(): Promise<StubAppservice> {
  const stub = await startStubAppservice();
  atTheEnd(() => stub.close());
  return stub;
}

export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'dev-homeserver-'));
  atTheEnd(() => rmSync(dir, { recursive: true }));
  return dir;
}
