import { describe, expect, it } from 'vitest';
import { Pause } from '../../../../../src/testing/dev-homeserver/appservice/pause.ts';
import { fakeClock } from '../../../../../src/testing/index.ts';

const ready = (retryMaxMs = Number.POSITIVE_INFINITY) => {
  const clock = fakeClock();
  const pause = new Pause({ retryBaseMs: 2_000, retryMaxMs }, clock);
  /** How long the next one lasts. */
  const wait = async () => {
    const beganAtMs = clock.now();
    let endedAtMs = Number.NaN;
    void pause.wait().then(() => {
      endedAtMs = clock.now();
    });
    await clock.advance(10_000_000);
    return endedAtMs - beganAtMs;
  };
  return { clock, pause, wait };
};

describe('Pause', () => {
  it('doubles from two seconds to eight and a half minutes, as on Synapse', async () => {
    const { pause, wait } = ready();
    const lengths: number[] = [];
    for (let count = 0; count < 11; count += 1) {
      lengths.push((await wait()) / 1_000);
      pause.lengthen();
    }
    expect(lengths).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 512]);
    pause.reset();
    expect(await wait()).toBe(2_000);
  });

  it('is no longer than it is told', async () => {
    const { pause, wait } = ready(5_000);
    pause.lengthen();
    expect(await wait()).toBe(4_000);
    pause.lengthen();
    expect(await wait()).toBe(5_000);
  });

  it('can be ended, and the next one is no shorter for it', async () => {
    const { clock, pause, wait } = ready();
    pause.lengthen();
    const first = pause.wait();
    pause.end();
    await first;
    expect(clock.waiting).toBe(0);
    expect(await wait()).toBe(4_000);
  });
});
