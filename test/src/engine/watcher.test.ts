import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { BridgeError } from '../../../src/adapter/errors.ts';
import type { Context } from '../../../src/engine/context.ts';
import type { Networks } from '../../../src/engine/networks.ts';
import { createWatcher } from '../../../src/engine/watcher.ts';
import { remoteChatId } from '../../../src/model/remote-ids.ts';
import type { Storage } from '../../../src/ports/store.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

const away = () => new BridgeError('unreachable', 'away', { effect: 'none' });

let storage: Storage;
afterEach(() => storage.close());

/** A linked chat on a network whose answers to `watch` the test gives, one for each call. */
async function watching() {
  storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  const portal = await storage.portals.link({
    ...{ network: 'net', chat: remoteChatId('town'), roomId: '!r' },
    ...{ ownsRoom: false, origin: 'command' },
  });
  const clock = fakeClock();
  const done: string[] = [];
  const answers: { readonly yes: () => void; readonly no: (error: Error) => void }[] = [];
  const network = {
    watch: () => {
      done.push('watch');
      return new Promise<void>((yes, no) => answers.push({ yes, no }));
    },
    unwatch: async () => void done.push('unwatch'),
  };
  const networks = { isOpen: () => true, get: () => network } as unknown as Networks;
  const context = { storage, clock, log: () => {} } as unknown as Context;
  const watcher = createWatcher(context, networks, {
    refused: () => void done.push('refused'),
    watched: () => void done.push('watched'),
  });
  /** Lets what is on disk be read, and what waits be tried. */
  const pass = (ms = 0) => clock.advance(ms);
  const linkMore = (count: number) =>
    Promise.all(
      Array.from({ length: count * 2 }, (_, at) =>
        storage.portals.link({
          ...{ network: at % 2 ? 'net' : 'other', chat: remoteChatId(`c${at}`), roomId: `!c${at}` },
          ...{ ownsRoom: false, origin: 'command' },
        }),
      ),
    );
  return { watcher, portal, done, answers, pass, network, linkMore };
}

describe('Watcher', () => {
  it('asks for every chat of a network that has just opened, and for none of another', async () => {
    const { watcher, done, pass, linkMore } = await watching();
    await linkMore(450);
    await watcher.watchAll('net');
    await pass();
    expect(done).toEqual(Array.from({ length: 451 }, () => 'watch'));
  });

  it('does nothing for the chats of a network that need not be asked', async () => {
    const { watcher, done, network } = await watching();
    Object.assign(network, { watch: undefined });
    await watcher.watchAll('net');
    expect(done).toEqual([]);
  });

  it('asks again for a chat until the network says yes', async () => {
    const { watcher, portal, done, answers, pass } = await watching();
    watcher.watch(portal);
    await pass();
    answers[0]?.no(away());
    await pass(60_000);
    answers[1]?.yes();
    await pass();
    expect(done).toEqual(['watch', 'watch', 'watched']);
  });

  it('does not ask again for a chat that was unlinked while it was asked for', async () => {
    const { watcher, portal, done, answers, pass } = await watching();
    watcher.watch(portal);
    await pass();
    await watcher.unwatch(portal);
    answers[0]?.no(away());
    await pass(600_000);
    expect(done).toEqual(['watch', 'unwatch']);
  });

  it('lets go again of a chat that the network says yes to after it was unlinked', async () => {
    const { watcher, portal, done, answers, pass } = await watching();
    watcher.watch(portal);
    await pass();
    await watcher.unwatch(portal);
    answers[0]?.yes();
    await pass(600_000);
    expect(done).toEqual(['watch', 'unwatch', 'unwatch']);
  });

  it('says nothing of a refusal of what was unlinked meanwhile', async () => {
    const { watcher, portal, done, answers, pass } = await watching();
    watcher.watch(portal);
    await pass();
    await watcher.unwatch(portal);
    answers[0]?.no(new BridgeError('not_allowed', 'banned', { effect: 'none' }));
    await pass(600_000);
    expect(done).toEqual(['watch', 'unwatch']);
  });

  it('goes on with a chat that was unlinked and linked again, by the newer asking', async () => {
    const { watcher, portal, done, answers, pass } = await watching();
    watcher.watch(portal);
    await pass();
    await watcher.unwatch(portal);
    watcher.watch(portal);
    await pass();
    answers[0]?.no(away());
    answers[1]?.yes();
    await pass(600_000);
    expect(done).toEqual(['watch', 'unwatch', 'watch', 'watched']);
  });
});
