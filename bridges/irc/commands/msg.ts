import { randomUUID } from 'node:crypto';
import type { CommandCall, NetworkCommand } from '#adapter';
import { isNick } from '../ids.ts';
import type { EnlistedSession } from '../session.ts';
import { type Desk, firstWord, ownSession } from './desk.ts';

/** Begins a private chat. */
export const msg = (desk: Desk): NetworkCommand => ({
  name: 'msg',
  usage: 'NICK [TEXT]',
  summary: 'invites you into a private room with somebody, and says TEXT to them',
  async run(call, signal) {
    const [nick, text] = firstWord(call.words);
    if (nick === '') return 'Say to whom.';
    if (!isNick(nick, desk.observer.features)) return `${nick} is no nick.`;
    const session = await ownSession(desk, call);
    const found = await call.invite(nick);
    if (!found || !('user' in found)) return `There is nobody called ${nick}.`;
    const where = `You are invited into a private room with ${nick}`;
    if (text === '') return `${where}.`;
    await say(session, { chat: await session.direct(found.user), text, call }, signal);
    return `${where}, and your words were said to them.`;
  },
});

/** Once: whether it may be said again nobody here can know. */
async function say(
  { on: { message } }: EnlistedSession,
  what: {
    readonly chat: Awaited<ReturnType<EnlistedSession['direct']>>;
    readonly text: string;
    readonly call: CommandCall;
  },
  signal: AbortSignal,
): Promise<void> {
  const { chat, text, call } = what;
  const action = { kind: 'message', chat, speaker: call.speaker, body: { text } } as const;
  const encoded = await message.encode?.(action, signal);
  for (const wire of encoded?.parts ?? [])
    await message.send({ key: randomUUID(), action, wire, firstTriedAtMs: 0 }, signal);
}
