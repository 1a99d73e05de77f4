import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loopback } from '../../../bridges/loopback/index.ts';
import { loadConfig } from '../../../src/config/index.ts';
import { readRegistration, registrationProblems } from '../../../src/matrix/registration.ts';
import { openRegistration } from '../../../src/playground/open-bridge.ts';
import { configFile, registrationFile, writeConfig } from '../../../src/playground/write-config.ts';

let dir: string;
const wiring = {
  homeserverUrl: 'http://127.0.0.1:1001',
  networkUrl: 'http://127.0.0.1:1002',
  bridgePort: 1003,
  adapter: 'loopback',
  botToken: 'a-token',
};
const later = {
  ...wiring,
  homeserverUrl: 'http://127.0.0.1:2001',
  networkUrl: 'http://127.0.0.1:2002',
  bridgePort: 2003,
};
const load = () =>
  loadConfig(configFile(dir), { adapters: { loopback: async () => loopback }, env: {} });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'playground-config-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('writeConfig', () => {
  it('writes a config that the bridge accepts', async () => {
    writeConfig(dir, wiring);
    const config = await load();
    expect(config.homeserver.url).toBe(wiring.homeserverUrl);
    expect(config.bridge.listen).toEqual({ host: '127.0.0.1', port: 1003 });
    expect(config.bridge.registrationFile).toBe(registrationFile(dir));
    expect(config.bridge.dataDir).toBe(join(dir, 'bridge'));
    expect(config.networks['loopback']?.portals).toEqual([
      { chat: '#harbour', room: '#harbour:playground.localhost' },
    ]);
  });

  it('brings the ports of another day into the config that is there, and leaves the rest', async () => {
    writeConfig(dir, wiring);
    const mine = `# a remark of mine\nlog:\n  level: debug\n${readFileSync(configFile(dir), 'utf8')}`;
    writeFileSync(configFile(dir), mine);
    writeConfig(dir, later);
    const config = await load();
    expect(config.homeserver.url).toBe(later.homeserverUrl);
    expect(config.bridge.url).toBe('http://127.0.0.1:2003');
    expect(config.bridge.listen.port).toBe(2003);
    expect(config.networks['loopback']?.options).toMatchObject({ url: later.networkUrl });
    expect(config.log.level).toBe('debug');
    expect(readFileSync(configFile(dir), 'utf8')).toContain('# a remark of mine');
  });

  it('says what to do about a file that is no YAML', () => {
    writeFileSync(configFile(dir), 'homeserver: [');
    expect(() => writeConfig(dir, wiring)).toThrow(/config\.yaml cannot be read[\s\S]*delete it/);
  });
});

describe('openRegistration', () => {
  const expected = { prefix: 'drawbridge_', serverName: 'playground.localhost' };

  it('makes a registration that goes with the config', () => {
    const registration = readRegistration(
      openRegistration(dir, 1003, 'loopback'),
      registrationFile(dir),
    );
    const problems = registrationProblems(registration, {
      ...expected,
      url: 'http://127.0.0.1:1003',
    });
    expect(problems).toEqual([]);
  });

  it('keeps its secrets when the bridge is on another port', () => {
    const first = parse(openRegistration(dir, 1003, 'loopback'));
    const second = parse(openRegistration(dir, 2003, 'loopback'));
    expect(second).toEqual({ ...first, url: 'http://127.0.0.1:2003' });
    expect(parse(readFileSync(registrationFile(dir), 'utf8'))).toEqual(second);
  });
});
