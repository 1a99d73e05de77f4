import { expect } from 'vitest';
import { BridgeError, type Handler, remoteMessageId, remoteUserId } from '../../adapter/index.ts';
import type { Bench, Opened } from './bench.ts';
import type { AdapterPromise } from './promise.ts';
import { failure } from './sending.ts';

const canary = 'DRAWBRIDGECANARY';

/** Words that try to end what they stand in and begin a command of their own. */
export const hostile = ['\r\n', '\n', '\r', '\0', '\u2028', '\x1b'].map(
  (cut) => `Eve${cut}${canary} :x`,
);

/** What an adapter promises of words that somebody chose to break it with. */
export const hostilePromises: readonly AdapterPromise[] = [
  {
    title: 'lets no line break or NUL in a text become a command',
    needs: ['commands'],
    async check(bench) {
      const opened = await bench.open();
      for (const text of hostile) await tried(opened.say(text));
      await expectNoCanary(bench);
      await opened.say('still here');
      expect(await bench.fixture.said()).toContain('still here');
    },
  },
  {
    title: 'lets no line break or NUL in a name become a command',
    needs: ['commands'],
    async check(bench) {
      for (const name of hostile) {
        const opened = await bench.open(undefined, name).catch(expectBridgeError);
        if (opened) await tried(opened.say('hello', name));
        await opened?.close();
      }
      await expectNoCanary(bench);
    },
  },
  {
    title: 'lets no line break or NUL in what is typed after a command become a command',
    needs: ['commands'],
    async check(bench, skip) {
      const { network, call } = await bench.open();
      if (!network.commands) return skip('it has no commands');
      for (const command of network.commands)
        for (const words of hostile.flatMap((text) => [text, `nobody ${text}`, `#a ${text}`]))
          await tried(command.run(call(words), AbortSignal.timeout(5_000)));
      await expectNoCanary(bench);
    },
  },
  {
    title: 'lets no line break or NUL in a reason, an edit, a reaction or a topic become a command',
    needs: ['commands'],
    async check(bench) {
      const opened = await bench.open();
      for (const text of hostile) await everyOther(bench, opened, text);
      for (const text of hostile) await tried((await bench.open()).session.close(text));
      await expectNoCanary(bench);
    },
  },
];

async function everyOther(bench: Bench, opened: Opened, text: string): Promise<void> {
  const { edit, reaction, member, title } = opened.session.on;
  const { signal } = opened.host;
  const target = remoteMessageId('m1');
  const part = { key: text, firstTriedAtMs: Date.now() };
  const body = { text };
  if (edit) {
    const action = bench.action({ kind: 'edit', target: [target], body });
    const encoded = await edit.encode?.(action, signal);
    for (const wire of encoded?.parts ?? [undefined])
      await tried(edit.send({ ...part, action, ...(wire && { wire }) }, signal));
  }
  const felt = bench.action({ kind: 'reaction', target, emoji: text, removed: false });
  if (reaction && !reaction.encode) await tried(reaction.send({ ...part, action: felt }, signal));
  const who = remoteUserId('nobody');
  const kick = bench.action({ kind: 'member', who, is: 'out', reason: text });
  if (member && !member.encode) await tried(member.send({ ...part, action: kick }, signal));
  if (title) await retitle(bench, opened, { title, text });
}

async function retitle(
  bench: Bench,
  { host: { signal } }: Opened,
  { title, text }: { readonly title: Handler<'title'>; readonly text: string },
): Promise<void> {
  const part = { key: 'title', firstTriedAtMs: Date.now() };
  for (const what of [{ name: text }, { topic: text }]) {
    const action = bench.action({ kind: 'title', ...what });
    const encoded = title.encode?.(action, signal).catch(expectBridgeError);
    const parts = title.encode ? ((await encoded)?.parts ?? []) : [undefined];
    for (const wire of parts)
      await tried(title.send({ ...part, action, ...(wire && { wire }) }, signal));
  }
}

/** It may be refused, but as a BridgeError says so. */
async function tried(attempted: Promise<unknown>): Promise<void> {
  const error = await failure(attempted);
  if (error !== undefined) expectBridgeError(error);
}

function expectBridgeError(error: unknown): undefined {
  expect(error).toBeInstanceOf(BridgeError);
}

async function expectNoCanary({ fixture }: Bench): Promise<void> {
  const commands = (await fixture.commands?.()) ?? [];
  expect(commands).not.toEqual([]);
  expect(commands.filter((command) => command.trimStart().startsWith(canary))).toEqual([]);
}
