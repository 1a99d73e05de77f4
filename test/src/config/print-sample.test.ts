import { describe, expect, it } from 'vitest';
import { printSample } from '../../../src/config/print-sample.ts';
import { chat, load } from './fixture.ts';

describe('printSample', () => {
  it('prints a config that can be used once the few keys without a # are filled in', async () => {
    const config = await load(printSample([chat]));

    expect(config.networks['chat']?.options).toMatchObject({ host: 'chat.example.org', tls: true });
  });

  it('shows with a # only what holds without it, or an example that is accepted', async () => {
    const all = printSample([chat]).replace(/^(\s*)#(?=\S)/gm, '$1');

    const config = await load(all);

    const { registrationFile, dataDir, publicUrl, ...bridge } = config.bridge;
    expect(publicUrl).toBe('https://bridge.example.org');
    expect((await load(printSample([chat]))).bridge).toMatchObject(bridge);
    expect(config.networks['chat']).toMatchObject({
      idleCloseMs: 172_800_000,
      maxEnlisted: 100,
      options: { sasl: { account: 'bob' } },
    });
  });

  it('has a comment above every key', () => {
    const lines = printSample([chat]).split('\n');

    const keys = lines.flatMap((line, i) =>
      /^\s*#?[a-zA-Z]+:/.test(line) && !/^ {2}chat:/.test(line) ? [i] : [],
    );

    expect(keys.length).toBeGreaterThan(25);
    expect(keys.filter((i) => !/^\s*# /.test(lines[i - 1] ?? ''))).toEqual([]);
  });
});
