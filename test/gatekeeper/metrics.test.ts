import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startMetrics } from '../../gatekeeper/metrics.ts';
import { useGatekeeper } from './support/gatekeeper.ts';

const gatekeeper = useGatekeeper();

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

describe('startMetrics', () => {
  it('tells how often what was answered how, what is queued, and who listens', async () => {
    const port = await freePort();
    const metrics = await startMetrics(port);
    metrics.watch(gatekeeper.gatekeeper);
    const bob = await (await gatekeeper.provider('bobchat.example')).enlist('bob');
    await bob.talkTo(await gatekeeper.local('alice'));
    metrics.answered({
      operation: 'sendMessage',
      caller: 'x',
      status: 409,
      code: 'wrong_epoch',
      tookMs: 3,
    });
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    await metrics.close();

    expect(text).toContain(
      'gatekeeper_answers_total{operation="sendMessage",status="409",code="wrong_epoch"} 1',
    );
    expect(text).toMatch(/gatekeeper_events_queued [1-9]/);
    expect(text).toContain('gatekeeper_streams_open 0');
  });
});
