import { afterEach, describe, expect, it } from 'vitest';
import { createWatch, type Watch } from '../../../src/metrics/index.ts';

describe('createWatch', () => {
  let watch: Watch;
  let url = '';
  const logged: string[] = [];
  afterEach(() => watch.close());

  async function open(look?: () => Promise<never>) {
    const fine = async () => {
      const networks = [{ network: 'net', isOpen: true, voices: 2 }];
      const amount = {
        network: 'net',
        direction: 'to_matrix',
        waiting: 4,
        oldestAtMs: 7_000,
      } as const;
      return { networks, amounts: [{ ...amount, dead: 5 }], nowMs: 10_000 };
    };
    watch = createWatch(look ?? fine, (_, message, fields) => {
      logged.push(`${message} ${JSON.stringify(fields)}`);
    });
    const { port } = await watch.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${port}`;
  }
  const read = async () => (await (await fetch(`${url}/metrics`)).text()).split('\n');

  it('says how the bridge stands when it is asked', async () => {
    await open();
    expect(await read()).toEqual(
      expect.arrayContaining([
        'drawbridge_network_up{network="net"} 1',
        'drawbridge_voices_open{network="net"} 2',
        'drawbridge_deliveries_waiting{network="net",direction="to_matrix"} 4',
        'drawbridge_oldest_waiting_seconds{network="net",direction="to_matrix"} 3',
        'drawbridge_dead_letters{network="net",direction="to_matrix"} 5',
        'drawbridge_deliveries_waiting{network="net",direction="to_network"} 0',
        'drawbridge_oldest_waiting_seconds{network="net",direction="to_network"} 0',
      ]),
    );
  });

  it('counts each end by its outcome, and the time of what arrived only', async () => {
    await open();
    const of = { network: 'net', direction: 'to_network' } as const;
    watch.metrics.ended({ ...of, outcome: 'delivered', delayMs: 200 });
    watch.metrics.ended({ ...of, outcome: 'failed', delayMs: 3_600_000 });
    watch.metrics.standing({ network: 'net', whose: 'voice', is: 'failed' });
    const labels = 'network="net",direction="to_network"';
    expect(await read()).toEqual(
      expect.arrayContaining([
        `drawbridge_deliveries_total{${labels},outcome="delivered"} 1`,
        `drawbridge_deliveries_total{${labels},outcome="failed"} 1`,
        `drawbridge_delivery_seconds_bucket{le="0.1",${labels}} 0`,
        `drawbridge_delivery_seconds_bucket{le="0.25",${labels}} 1`,
        `drawbridge_delivery_seconds_count{${labels}} 1`,
        'drawbridge_connection_reports_total{network="net",whose="voice",is="failed"} 1',
      ]),
    );
  });

  it('has nothing else, and takes no other method', async () => {
    await open();
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}/metrics?x=1`)).headers.get('content-type')).toMatch(/^text\/plain/);
  });

  it('says that it cannot look, and only the log says why', async () => {
    await open(async () => {
      throw new Error('the disk is full');
    });
    const answer = await fetch(`${url}/metrics`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain('disk');
    expect(logged.join()).toContain('disk is full');
  });
});
