import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { startDevHomeserver } from '../../../../src/testing/dev-homeserver/index.ts';
import { homeserverContract } from '../../../homeserver-contract/index.ts';

const FIRST_PAUSE_MS = 1_000;

describe('startDevHomeserver', () => {
  homeserverContract(async (registrations) => {
    const dir = mkdtempSync(join(tmpdir(), 'dev-homeserver-'));
    const start = (port: number) =>
      startDevHomeserver({
        serverName: 'hs.test',
        registrations,
        dir,
        port,
        retryBaseMs: FIRST_PAUSE_MS,
      });
    let running = await start(0);
    const { url, port } = running;
    return {
      url,
      firstPauseMs: FIRST_PAUSE_MS,
      restart: async () => {
        await running.close();
        running = await start(port);
      },
      close: async () => {
        await running.close();
        rmSync(dir, { recursive: true });
      },
    };
  });
});
