import { describe, expect, it } from 'vitest';
import type { BridgeConfig } from '../../../src/config/bridge-config.ts';
import { reloading } from '../../../src/config/reloading.ts';
import { load, smallest } from './fixture.ts';

/** A bridge that runs with the smallest config, and a file that says something else now. */
async function reading(...changes: readonly (readonly [string, string])[]) {
  const now = await load(smallest);
  const text = changes.reduce((all, [from, to]) => all.replace(from, to), smallest);
  const applied: BridgeConfig[] = [];
  // Each load is of a folder of its own.
  const { dataDir, registrationFile } = now.bridge;
  async function file(): Promise<BridgeConfig> {
    const config = await load(text);
    return { ...config, path: now.path, bridge: { ...config.bridge, dataDir, registrationFile } };
  }
  const one = reloading({
    now,
    read: file,
    apply: async (config) => void applied.push(config),
    log: () => {},
  });
  return { ...one, applied, now, file };
}

const bridge = (line: string) => ['bridge:\n', `bridge:\n  ${line}\n`] as const;
const network = (line: string) => ['adapter: chat\n', `adapter: chat\n    ${line}\n`] as const;

describe('reloading', () => {
  it.each([
    [bridge("permissions: { 'x.org': none }"), ['bridge.permissions']],
    [bridge("policyRooms: ['#bans:x.org']"), ['bridge.policyRooms']],
    [bridge('userRate: { burst: 3 }'), ['bridge.userRate', 'networks.chat.userRate']],
    [network('userRate: { burst: 3 }'), ['networks.chat.userRate']],
    [network('idleCloseMs: 5000'), ['networks.chat.idleCloseMs']],
    [network('maxEnlisted: 3'), ['networks.chat.maxEnlisted']],
    [network("roomsFor: ['#x*']"), ['networks.chat.roomsFor']],
    [network('voicesJoin: speaking'), ['networks.chat.joins']],
    [network("chats: { '#x': { ghostsJoin: speaking } }"), ['networks.chat.chats']],
    [['networks:', 'log: { level: debug }\nnetworks:'], ['log.level']],
  ] as const)('has %j hold at once', async (change, keys) => {
    const { reload, applied, file } = await reading(change);
    expect(await reload()).toEqual({ applied: keys, needRestart: [] });
    expect(applied).toEqual([await file()]);
    expect(await reload()).toEqual({ applied: [], needRestart: [] });
  });

  it('names what holds only after the next start, and leaves it as it was', async () => {
    const { reload, needRestart, applied, now } = await reading(
      bridge('statusEvents: true'),
      network('displayName: Other'),
      ['host: chat.example.org', 'host: other.example.org'],
      ['networks:\n', 'networks:\n  more: { adapter: chat, options: { host: x.org } }\n'],
    );
    const keys = [
      'bridge.statusEvents',
      'networks.chat.displayName',
      'networks.chat.options',
      'networks.more',
    ];
    expect(await reload()).toEqual({ applied: [], needRestart: keys });
    expect(needRestart()).toEqual(keys);
    expect(applied).toEqual([now]);
  });

  it('changes nothing where the file is faulty', async () => {
    const { reload, applied } = await reading(bridge('permissions: { me: god }'));
    await expect(reload()).rejects.toThrow(/config\.yaml:\d+:\d+/);
    expect(applied).toEqual([]);
  });
});
