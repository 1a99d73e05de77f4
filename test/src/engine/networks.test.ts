import { describe, expect, it } from 'vitest';
import { BridgeError } from '../../../src/adapter/errors.ts';
import type { Context } from '../../../src/engine/context.ts';
import type { Heard } from '../../../src/engine/host.ts';
import { createNetworks } from '../../../src/engine/networks.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

/** A network that cannot be opened, each time for the reason that the test gives. */
function opening() {
  const clock = fakeClock();
  const logged: string[] = [];
  const reasons: BridgeError[] = [];
  const tries: number[] = [];
  const open = async () => {
    tries.push(clock.now());
    throw reasons[0];
  };
  const context = {
    ...{ clock, networks: [{ id: 'net', adapter: { open } }] },
    log: (level: string) => logged.push(level),
  } as unknown as Context;
  const networks = createNetworks(context, {} as Heard, () => {});
  const because = (message: string, retryAfterMs?: number) => {
    const saysMs = retryAfterMs === undefined ? {} : { retryAfterMs };
    reasons[0] = new BridgeError('unreachable', message, { effect: 'none', ...saysMs });
  };
  return { networks, clock, logged, tries, because };
}

describe('Networks', () => {
  it('opens a network again when the network itself says so, however often it has failed', async () => {
    const { networks, clock, tries, because } = opening();
    because('away', 1_000);
    networks.open();
    await clock.advance(30_000);
    expect(tries.length).toBe(31);
  });

  it('says why it cannot be opened once, and again when the reason is another', async () => {
    const { networks, clock, logged, because } = opening();
    because('away', 1_000);
    networks.open();
    await clock.advance(3_000);
    because('banned', 1_000);
    await clock.advance(2_000);
    expect(logged).toEqual(['warn', 'debug', 'debug', 'debug', 'warn', 'debug']);
  });
});
