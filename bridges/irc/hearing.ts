import type { RemoteEvent } from '#adapter';
import type { Channel } from './channel.ts';
import { type Ear, learnMask, whose } from './ear.ts';
import { KEY_TAG, messageFrom, reactionFrom, sentAtMs, typingFrom } from './from-remote.ts';
import { moded } from './hearing-modes.ts';
import { joined, kicked, listed, parted, quit, renamed } from './hearing-people.ts';
import { messageIdOf } from './ids.ts';
import type { Ours } from './roster.ts';
import type { Line } from './wire/line.ts';

/** Takes in a line of the bot's connection that speaks of a channel. False: it speaks of none. */
export function hear(line: Line, ear: Ear): boolean {
  const take = table[line.command];
  take?.(line, ear);
  return take !== undefined;
}

/** Also for lines of the past, which were said under nicks that we once had. */
export function messagesIn(
  line: Line,
  channel: Channel,
  ear: Pick<Ear, 'features' | 'now' | 'naming'>,
  ours: Ours | undefined,
): readonly RemoteEvent[] {
  if (!['PRIVMSG', 'NOTICE', 'TAGMSG'].includes(line.command)) return [];
  const key = ours && line.tags.get(KEY_TAG);
  if (ours && !key) return [];
  const nowMs = ear.now();
  if (key) channel.echoed(key, messageIdOf(line), nowMs);
  const names = ours ? undefined : ear.naming(channel);
  const view = { chat: channel.chat, features: ear.features, nowMs, ...(names && { names }) };
  const event =
    line.command === 'TAGMSG' ? !ours && reactionFrom(line, view) : messageFrom(line, view, key);
  return event ? [event] : [];
}

type Take = (line: Line, ear: Ear) => void;

const table: Readonly<Record<string, Take>> = {
  PRIVMSG: said,
  NOTICE: said,
  TAGMSG: tagged,
  JOIN: joined,
  PART: parted,
  KICK: kicked,
  QUIT: quit,
  NICK: renamed,
  TOPIC: retitled,
  '331': retitled,
  '332': retitled,
  '333': retitled,
  '353': listed,
  MODE: moded,
  CHGHOST: ({ source, params: [user, host] }, ear) => {
    if (source) ear.roster.mask(source.nick, `${user}@${host}`);
  },
};

function said(line: Line, ear: Ear): void {
  const channel = ear.channel(line.params[0] ?? '');
  // A server has no user name: what it says to a channel is not said by anybody in it.
  if (!channel || line.source?.user === undefined) return;
  const ours = whose(ear, line.source.nick);
  const save = ours && learnMask(ear, line.source, ours);
  ear.tell(channel, messagesIn(line, channel, ear, ours), save);
}

function tagged(line: Line, ear: Ear): void {
  const channel = ear.channel(line.params[0] ?? '');
  if (!channel || !line.source) return;
  const ours = whose(ear, line.source.nick);
  ear.tell(channel, messagesIn(line, channel, ear, ours));
  if (ours) return;
  const hint = typingFrom(line, { chat: channel.chat, features: ear.features, nowMs: ear.now() });
  if (hint) ear.hint(hint);
}

function retitled(line: Line, ear: Ear): void {
  const [first = '', second = ''] = line.params;
  const channel = ear.channel(line.command === 'TOPIC' ? first : second);
  if (!channel) return;
  channel.topic.hear(line, sentAtMs(line, ear.now()));
  // What is told to whoever joins is news only once all of it is known.
  if (channel.state === 'in' && line.command === 'TOPIC') ear.retitled(channel);
}
