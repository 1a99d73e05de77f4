import { expect } from 'vitest';
import {
  BridgeError,
  type Hint,
  type Part,
  type RemoteMessageId,
  remoteChatId,
  remoteMessageId,
  type Sent,
} from '../../adapter/index.ts';
import type { Bench, Opened } from './bench.ts';
import type { AdapterFault } from './fixture.ts';
import type { AdapterPromise } from './promise.ts';

const patienceMs = 500;

/** What an adapter promises of `send`, `encode` and `lookup`. */
export const sendingPromises: readonly AdapterPromise[] = [
  {
    title: 'has sent when `send` resolves',
    async check(bench) {
      const { say } = await bench.open();
      await say('one');
      expect(await bench.fixture.said()).toEqual(['one']);
    },
  },
  {
    title: 'keeps the order of what it was given',
    async check(bench) {
      const { say } = await bench.open();
      for (const text of ['one', 'two', 'three']) await say(text);
      expect(await bench.fixture.said()).toEqual(['one', 'two', 'three']);
    },
  },
  {
    title: 'drops a repeat, if it says that it does',
    async check(bench, skip) {
      const { prepare, say, session, host } = await bench.open();
      const { send, dropsRepeats } = session.on.message;
      if (!dropsRepeats) return skip('it does not say so');
      const parts = await prepare('once');
      const sendAll = async () => {
        const ids: RemoteMessageId[] = [];
        for (const part of parts) ids.push(...(await send(part, host.signal)).ids);
        return ids;
      };
      const first = await sendAll();
      expect(await sendAll()).toEqual(first);
      await say('twice');
      expect(await sendAll()).toEqual(first);
      expect(await bench.fixture.said()).toEqual(['once', 'twice']);
    },
  },
  {
    title: 'finds by `lookup` what was sent, and never what was not',
    async check(bench, skip) {
      const opened = await bench.open();
      const { lookup } = opened.session.on.message;
      if (!lookup) return skip('it cannot look');
      const [never] = await opened.prepare('never sent');
      if (never) expect(['absent', 'cannot-tell']).toContain(await look(opened, never));
      for (const part of await opened.prepare('sent')) {
        const sent = await opened.session.on.message.send(part, opened.host.signal);
        const found = await look(opened, part);
        const isEchoed = opened.emitted.some((e) => 'echoOf' in e && e.echoOf === part.key);
        if (typeof found !== 'string') expect(found.ids).toEqual(sent.ids);
        else if (!isEchoed) expect(found).toBe('cannot-tell');
      }
    },
  },
  {
    title: 'cuts an action into the same parts each time, and nobody sees it do so',
    async check(bench, skip) {
      const { session, prepare } = await bench.open();
      if (!session.on.message.encode) return skip('it has no `encode`');
      const long = Array.from({ length: 40 }, (_, n) => `line ${n} of forty`).join('\n');
      const first = await prepare(long);
      const again = await prepare(long);
      expect(again.length).toBe(first.length);
      expect(await bench.fixture.said()).toEqual([]);
    },
  },
  {
    title: 'gives up with a BridgeError when it is told to, having sent nothing if it says so',
    async check(bench) {
      const { session, prepare } = await bench.open();
      for (const part of await prepare('too late')) {
        const error = await failure(session.on.message.send(part, AbortSignal.abort()));
        expect(error).toBeInstanceOf(BridgeError);
        if ((error as BridgeError).effect === 'none')
          expect(await bench.fixture.said()).toEqual([]);
      }
    },
  },
  {
    title: 'rejects with a BridgeError what is for an unknown chat, and goes on',
    needs: ['unknownChat'],
    async check(bench) {
      const { session, prepare, say, host } = await bench.open();
      const nowhere = remoteChatId(bench.fixture.unknownChat ?? '');
      const whole = async () => {
        for (const part of await prepare('to nobody', 'nobody', nowhere))
          await session.on.message.send(part, host.signal);
      };
      expect(await failure(whole())).toBeInstanceOf(BridgeError);
      await say('still here');
      expect(await bench.fixture.said()).toEqual(['still here']);
    },
  },
  {
    title: 'takes what is said in passing without an error, wherever, also when it is over',
    async check(bench) {
      const { session, say, close } = await bench.open();
      const upTo = remoteMessageId('never seen');
      const hints: readonly Hint[] = [
        { kind: 'typing', forMs: 1_000 },
        { kind: 'typing', forMs: 0 },
        ...(['read', 'received'] as const).map((kind) => ({ kind, upTo })),
      ];
      const hintAll = () => {
        for (const chat of [bench.chat, remoteChatId(bench.fixture.unknownChat ?? 'nowhere')])
          for (const hint of hints) expect(session.hint?.(chat, hint)).toBeUndefined();
      };
      expect(hintAll).not.toThrow();
      await say('still here');
      expect(await bench.fixture.said()).toEqual(['still here']);
      await close();
      expect(hintAll).not.toThrow();
    },
  },
];

/** For each fault of the fixture: whatever happens, the message is there once, or its sender is told. */
export const faultPromise = (name: string): AdapterPromise => ({
  title: `neither loses nor doubles a message, nor denies what was seen: ${name}`,
  needs: ['faults'],
  async check(bench) {
    const opened = await bench.open();
    const [part] = await opened.prepare('only once');
    if (!part) throw new Error('The adapter has nothing to send for "only once"');
    const { begin, end } = faultNamed(bench, name);
    await begin();
    const tried = await attempt(opened, part);
    await end();
    const seen = await bench.fixture.said();
    if (tried === 'sent') expect(seen).toEqual(['only once']);
    if (tried === 'not sent') expect(seen).toEqual([]);
    const isKnown = tried === 'sent' || (await settle(bench, opened, part, tried));
    if (isKnown) expect(await bench.fixture.said()).toEqual(['only once']);
    else expect((await bench.fixture.said()).length).toBeLessThan(2);
  },
});

function faultNamed({ fixture }: Bench, name: string): AdapterFault {
  const fault = fixture.faults?.find((one) => one.name === name);
  if (!fault) throw new Error(`The fixture has no fault named ${name}`);
  return fault;
}

type Attempt = 'sent' | 'not sent' | 'in doubt';

async function attempt({ session }: Opened, part: Part<'message'>): Promise<Attempt> {
  const error = await failure(session.on.message.send(part, AbortSignal.timeout(patienceMs)));
  if (error === undefined) return 'sent';
  expect(error).toBeInstanceOf(BridgeError);
  return (error as BridgeError).effect === 'none' ? 'not sent' : 'in doubt';
}

/** What the core does next. False: it can never be known, and nothing is sent again. */
async function settle(
  bench: Bench,
  opened: Opened,
  part: Part<'message'>,
  tried: Attempt,
): Promise<boolean> {
  const { dropsRepeats, lookup } = opened.session.on.message;
  const again = () =>
    bench.until(() => opened.session.on.message.send(part, AbortSignal.timeout(patienceMs)));
  const isEchoed = () => opened.emitted.some((e) => 'echoOf' in e && e.echoOf === part.key);
  if (tried === 'not sent' || dropsRepeats) return again().then(() => true);
  if (isEchoed()) return true;
  if (!lookup) return false;
  const found = await bench.until(() => look(opened, part));
  if (found === 'cannot-tell') return false;
  if (found === 'absent' && !isEchoed()) await again();
  return true;
}

const look = (
  { session, host }: Opened,
  part: Part<'message'>,
): Promise<Sent | 'absent' | 'cannot-tell'> =>
  session.on.message.lookup?.(part, host.signal) ?? Promise.resolve('cannot-tell' as const);

/** What something was rejected with. `undefined`: it was not. */
export const failure = (attempted: Promise<unknown>): Promise<unknown> =>
  attempted.then(
    () => undefined,
    (error: unknown) => error ?? new Error('rejected with nothing'),
  );
