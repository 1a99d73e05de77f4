import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../gatekeeper/cli/program.ts';
import { useGatekeeper } from './support/gatekeeper.ts';
import { TestProvider } from './support/provider.ts';
import { codeOf } from './support/wire.ts';

const gatekeeper = useGatekeeper();

async function run(...args: string[]) {
  const said: string[] = [];
  const io = {
    out: (line: string) => void said.push(line),
    err: (line: string) => void said.push(line),
  };
  const code = await runCli(['--data', gatekeeper.folder, ...args], io);
  return { code, said: said.join('\n') };
}

describe('the command line', () => {
  it('approves a provider of a gatekeeper that runs', async () => {
    const provider = await TestProvider.make('bobchat.example', gatekeeper);
    await gatekeeper.call('POST', '/provider-requests', provider.request);
    expect((await run('provider', 'list')).said).toMatch(
      /^bobchat.example {2}requested {2}due \d{4}-\d\d-\d\d$/,
    );
    expect(await run('provider', 'approve', 'bobchat.example', '--trust-auth')).toEqual({
      code: 0,
      said: 'bobchat.example is operational.',
    });
    expect((await provider.enlist('bob')).ref).toMatch(/^ix:1:/);
  });

  it('suspends a provider: its open stream is told, and ends', async () => {
    const provider = await gatekeeper.provider('eve.example');
    const reader = await gatekeeper.reading(provider.events());
    await run('provider', 'suspend', 'eve.example', 'spam');
    expect((await reader.until(({ type }) => type === 'provider.notice')).data.text).toContain(
      'spam',
    );
    await reader.ended;
  });

  it('makes a local user, who can log in with the password that it said', async () => {
    const { said } = await run('user', 'add', 'mia');
    const password = /: (\S+)$/.exec(said)?.[1];
    expect(
      codeOf(await gatekeeper.call('POST', '/login', { name: 'mia', password, device: 'phone' })),
    ).toBe(200);
    expect((await run('user', 'list')).said).toContain('mia@alicechat.example  active');
    expect((await run('user', 'add', 'mia')).said).toContain('is there already');
  });

  it('suspends a user, local or remote: calls are refused, and an open stream is told', async () => {
    const mallory = await gatekeeper.local('mallory');
    const reader = await mallory.events();
    await run('user', 'suspend', 'mallory@alicechat.example', 'spam');
    await reader.until(({ type }) => type === 'user.suspended');
    await reader.ended;
    expect(codeOf(await mallory.call('GET', '/blocks'))).toBe('user_suspended');
    await run('user', 'restore', 'mallory@alicechat.example');
    expect(codeOf(await mallory.call('GET', '/blocks'))).toBe(200);
  });

  it('prints the reference offer', async () => {
    expect(JSON.parse((await run('reference', 'offer')).said)).toMatchObject({ due_months: 3 });
  });

  it.each([
    [['provider', 'approve', 'nobody.example'], 1, 'There is no request of nobody.example'],
    [['serve', '--port', 'x'], 2, 'a number from 0 to 65535'],
    [['serve', '--faults', 'all'], 2, 'should be like sendMessage:drop=5'],
    [['sevre'], 2, 'serve'],
  ])('explains what is wrong with %j', async (args, code, words) => {
    const { code: ended, said } = await run(...args);
    expect(said).toContain(words);
    expect(ended).toBe(code);
  });
});

describe('the command line in a folder without a gatekeeper', () => {
  let empty = '';
  beforeAll(async () => {
    empty = await mkdtemp(join(tmpdir(), 'gatekeeper-'));
  });
  afterAll(() => rm(empty, { recursive: true }));

  it('says so', async () => {
    expect((await run('--data', empty, 'user', 'list')).said).toContain(
      'There is no gatekeeper in',
    );
  });
});
