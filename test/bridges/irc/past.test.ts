import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../../bridges/irc/wire/clock.ts';
import { type Newest, remoteMessageId } from '../../../src/adapter/index.ts';
import { chat, openOn, partsOf, shown } from './bench.ts';
import { type Script, type ScriptedClient, ScriptedServer } from './scripted-server.ts';

const BEGIN_MS = Date.UTC(2026, 10, 21, 10);
const caps = [
  ...['message-tags', 'batch', 'server-time', 'echo-message', 'labeled-response'],
  'draft/chathistory',
];

interface Kept {
  readonly id: string;
  readonly atMs: number;
  /** As it was said, behind its own tags. */
  readonly line: string;
}

/** A line that Bob said so many seconds after the beginning. */
const kept = (second: number): Kept => ({
  ...{ id: `m${second}`, atMs: BEGIN_MS + second * 1_000 },
  line: `:bob!b@h PRIVMSG #a :${second}`,
});

/** What a server makes of CHATHISTORY that keeps these lines, and gives two at a time. */
function answers(history: readonly Kept[], asked: string[] = []): NonNullable<Script['deal']> {
  return (client, command, [verb = '', channel = '', from = '', most = '']) => {
    if (command !== 'CHATHISTORY') return false;
    asked.push(`${verb} ${from} ${most}`);
    const found = pick(history, verb, from);
    const count = Math.min(Number(most), 2);
    batch(client, channel, verb === 'AFTER' ? found.slice(0, count) : found.slice(-count));
    return true;
  };
}

function pick(history: readonly Kept[], verb: string, from: string): readonly Kept[] {
  const [by, value = ''] = from.split('=');
  if (by === '*') return history;
  const isAfter = (each: Kept) =>
    by === 'msgid'
      ? history.indexOf(each) > history.findIndex(({ id }) => id === value)
      : each.atMs > Date.parse(value);
  if (verb === 'AFTER') return history.filter(isAfter);
  return history.filter(({ atMs }) => atMs < Date.parse(value));
}

function batch(client: ScriptedClient, channel: string, lines: readonly Kept[]): void {
  client.say(`:s BATCH +1 chathistory ${channel}`);
  for (const { id, atMs, line } of lines) {
    const tags = `@batch=1;time=${new Date(atMs).toISOString()};msgid=${id}`;
    client.say(line.startsWith('@') ? `${tags};${line.slice(1)}` : `${tags} ${line}`);
  }
  client.say(':s BATCH -1');
}

const newest = (second: number): Newest => ({
  ...{ id: remoteMessageId(`m${second}`), atMs: BEGIN_MS + second * 1_000 },
});

async function serve(script: Script): Promise<ScriptedServer> {
  const server = await ScriptedServer.start({
    caps,
    isupport: ['CHATHISTORY=2', 'MSGREFTYPES=msgid,timestamp'],
    ...script,
  });
  onTestFinished(() => server.stop());
  return server;
}

/** What the core is told when it knows up to `since` and the server keeps these lines. */
async function told(deal: NonNullable<Script['deal']>, since: Newest, script: Script = {}) {
  const server = await serve({ deal, ...script });
  const { watch, emitted } = await openOn(server.port);
  await watch(since);
  server.client('drawbridge').say(':bob!b@h PRIVMSG #a :now');
  await vi.waitFor(() => expect(shown(emitted).at(-1)).toBe('bob: now'));
  return { all: shown(emitted), emitted };
}

describe('a past that is asked for', () => {
  it('is told from the newest that is known, over as many pages as it takes', async () => {
    const { all } = await told(answers([1, 2, 3, 4, 5, 6].map(kept)), newest(2));
    expect(all).toEqual(['bob: 3', 'bob: 4', 'bob: 5', 'bob: 6', 'bob: now']);
  });

  it('goes on where several lines have one time', async () => {
    const history = [1, 2, 3, 4, 5].map((n) => ({ ...kept(n), atMs: BEGIN_MS + 2_000 }));
    const { all } = await told(answers(history), { ...newest(1), atMs: BEGIN_MS + 2_000 });
    expect(all).toEqual(['bob: 2', 'bob: 3', 'bob: 4', 'bob: 5', 'bob: now']);
  });

  it('is whole where a line is kept from before, though nothing was said for long', async () => {
    const known = { atMs: BEGIN_MS + 500_000 };
    const { all } = await told(answers([1, 2, 600].map(kept)), known);
    expect(all).toEqual(['bob: 600', 'bob: now']);
  });

  it('has a hole where the server keeps nothing from before', async () => {
    const { all, emitted } = await told(answers([7, 8, 9].map(kept)), newest(2));
    expect(all).toEqual(['hole', 'bob: 7', 'bob: 8', 'bob: 9', 'bob: now']);
    expect(emitted[0]).toMatchObject({ sinceMs: newest(2).atMs, sentAtMs: newest(7).atMs });
  });

  it('has a hole where the server refuses', async () => {
    const deal: Script['deal'] = (client, command, [verb, channel]) => {
      if (command !== 'CHATHISTORY') return false;
      client.say(`:s FAIL CHATHISTORY INVALID_TARGET ${verb} ${channel} :No`);
      return true;
    };
    expect((await told(deal, newest(2))).all).toEqual(['hole', 'bob: now']);
  });

  it('is not asked for where it cannot be gone through by message id', async () => {
    const asked: string[] = [];
    const isupport = ['CHATHISTORY=2', 'MSGREFTYPES=timestamp'];
    const { all } = await told(answers([1, 2, 3].map(kept), asked), newest(2), { isupport });
    expect(all).toEqual(['hole', 'bob: now']);
    expect(asked).toEqual([]);
  });

  it('ends with its newest, after a hole, where it is too long', async () => {
    const history = Array.from({ length: 200 }, (_, n) => kept(n));
    const { all } = await told(answers(history), newest(2));
    expect(all).toEqual(['hole', 'bob: 198', 'bob: 199', 'bob: now']);
  });

  it('is told once with what is heard while it is asked for', async () => {
    const history = [1, 2].map(kept);
    const answer = answers(history);
    const deal: Script['deal'] = (client, command, params) => {
      const isFirst = command === 'CHATHISTORY' && history.length === 2;
      if (isFirst) {
        const live = { ...kept(3), atMs: Date.now() + 60_000 };
        history.push(live);
        const time = new Date(live.atMs).toISOString();
        client.say(`@time=${time};msgid=m3 :bob!b@h PRIVMSG #a :3`);
      }
      return answer(client, command, params);
    };
    expect((await told(deal, newest(1))).all).toEqual(['bob: 2', 'bob: 3', 'bob: now']);
  });

  it('is told in order also where the server tells the end of it on the join', async () => {
    const history = ['@time=2026-11-21T10:00:02.000Z;msgid=m2 :bob!b@h PRIVMSG #a :2'];
    const { all } = await told(answers([1, 2].map(kept)), newest(0), { history });
    expect(all).toEqual(['hole', 'bob: 1', 'bob: 2', 'bob: now']);
  });

  it.each([
    ['finds a line of ours that arrived', true, { ids: ['kept'] }],
    ['is sure that a line of ours did not arrive', false, 'absent'],
  ])('%s', async (_, isKept, found) => {
    const history: Kept[] = [{ ...kept(1), atMs: Date.now() - 600_000 }];
    const answer = answers(history);
    const server = await serve({
      deal: (client, command, params) => {
        if (command !== 'PRIVMSG') return answer(client, command, params);
        const key = /\+drawbridge\.dev\/key=\S+/.exec(client.lines.at(-1) ?? '')?.[0];
        const line = `@${key} :${client.mask} PRIVMSG #a :hi`;
        if (isKept) history.push({ id: 'kept', atMs: Date.now(), line });
        for (const each of server.clients) each.cut();
        return true;
      },
    });
    const { watch, enlist, signal } = await openOn(server.port);
    await watch();
    const session = await enlist();
    await session.join?.(chat, signal);
    const [encoded] = await partsOf(session, 'hi');
    // By the clock that the adapter has: the machine's own may be some milliseconds off.
    const part = { ...encoded!, firstTriedAtMs: systemClock.now() };
    const sent = session.on.message.send(part, AbortSignal.timeout(5_000));
    await expect(sent).rejects.toMatchObject({ effect: 'unknown' });
    const look = () => session.on.message.lookup?.(part, AbortSignal.timeout(5_000));
    await vi.waitFor(async () => expect(await look()).toEqual(found));
  });
});
