import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import {
  type DevHomeserver,
  type DevHomeserverOptions,
  startDevHomeserver,
} from '../../../../../src/testing/dev-homeserver/index.ts';
import { type StubAppservice, startStubAppservice } from './stub-appservice.ts';

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
  onTestFinished(close);
  return { ...started, close };
}

/** Waits until it is there again. Connections from before break at their next request only. */
export const answers = ({ url }: DevHomeserver): Promise<unknown> =>
  vi.waitFor(() => fetch(`${url}/_matrix/client/versions`));

export async function restart(hs: DevHomeserver): Promise<void> {
  await hs.stop();
  await hs.start();
  await answers(hs);
}

export async function stubAppservice(): Promise<StubAppservice> {
  const stub = await startStubAppservice();
  onTestFinished(() => stub.close());
  return stub;
}

export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'dev-homeserver-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}
