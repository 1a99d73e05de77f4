import { describe, expect, it } from 'vitest';
import { SecureHosts } from '../../../bridges/irc/secure-hosts.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';
import { memoryDisk, memoryHost } from '../../../src/testing/index.ts';

const server = { host: 'irc.test', port: 6667 };
const secure = { host: 'irc.test', port: 6697, tls: true };
const plain = { ...server, tls: false };

async function hosts() {
  const disk = memoryDisk();
  const clock = fakeClock(1_000_000);
  const start = async () => {
    const { host } = memoryHost({ config: {}, signal: AbortSignal.timeout(60_000), disk });
    const made = new SecureHosts(host.state, clock);
    await made.load();
    return made;
  };
  return { clock, start };
}

describe('SecureHosts', () => {
  it('goes by the config for a server that has said nothing', async () => {
    const { start } = await hosts();
    const all = await start();
    expect([all.wayTo(server, false), all.wayTo(server, true)]).toEqual([
      plain,
      { ...server, tls: true },
    ]);
  });

  it('believes who says so without TLS for this once', async () => {
    const { start } = await hosts();
    const all = await start();
    all.wants('irc.test', 6697);
    expect(all.wayTo(server, false)).toEqual(secure);
    expect((await start()).wayTo(server, false)).toEqual(plain);
  });

  it('keeps what was said over TLS as long as was said, also after a start', async () => {
    const { start, clock } = await hosts();
    await (await start()).promised(secure, { durationS: 60 });
    const all = await start();
    expect(all.wayTo(server, false)).toEqual(secure);
    // The config knows better where.
    expect(all.wayTo({ ...server, port: 7000 }, true)).toEqual({ ...secure, port: 7000 });
    await clock.advance(59_000);
    expect(all.wayTo(server, false)).toEqual(secure);
    await clock.advance(2_000);
    expect(all.wayTo(server, false)).toEqual(plain);
  });

  it('forgets it when it is told so over TLS', async () => {
    const { start } = await hosts();
    const all = await start();
    await all.promised(secure, { durationS: 60 });
    await all.promised(secure, { durationS: 0 });
    expect((await start()).wayTo(server, false)).toEqual(plain);
  });

  it('leaves it as it is where nothing is said of how long', async () => {
    const { start } = await hosts();
    const all = await start();
    await all.promised(secure, { durationS: 60 });
    await all.promised(secure, { port: 1 });
    expect(all.wayTo(server, false)).toEqual(secure);
  });
});
