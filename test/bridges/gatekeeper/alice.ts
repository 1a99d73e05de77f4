import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AliceClient } from '../../../gatekeeper/client/client.ts';
import type { TestGatekeeper } from '../../gatekeeper/support/gatekeeper.ts';

let count = 0;

/** A new local user of a gatekeeper, with a device. Closed when the test ends. */
export async function aliceAt(server: TestGatekeeper): Promise<AliceClient> {
  const folder = await mkdtemp(join(tmpdir(), 'alice-'));
  const name = `alice${++count}`;
  await server.local(name, []);
  const client = await AliceClient.open({
    ...{ origin: server.origin, ca: server.certificate, name, password: 'secret' },
    ...{ device: 'phone', file: join(folder, 'client.db') },
  });
  onTestFinished(async () => {
    await client.close();
    await rm(folder, { recursive: true });
  });
  return client;
}
