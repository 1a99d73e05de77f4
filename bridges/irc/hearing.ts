import type { RemoteEvent } from '#adapter';
import type { Channel } from './channel.ts';
import { type Ear, learnMask, whose } from './ear.ts';
import {
  eventFrom,
  type Heard,
  isSpoken,
  KEY_TAG,
  messageFrom,
  sentAtMs,
  typingFrom,
} from './from-remote.ts';
import { moded, modesTold } from './hearing-modes.ts';
import { joined, kicked, listed, parted, quit, renamed } from './hearing-people.ts';
import { messageIdOf, redactionKey, userIdOf } from './ids.ts';
import { relayerOf } from './relayed.ts';
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
  if (!isSpoken(line)) return [];
  const nowMs = ear.now();
  const key = ours && keyOf(line);
  if (key) channel.echoed(key, messageIdOf(line), nowMs);
  if (ours && !key) return [];
  const names = ours ? undefined : ear.naming(channel);
  const view = { chat: channel.chat, features: ear.features, nowMs, ...(names && { names }) };
  const event = ours ? echoFrom(line, view, key) : eventFrom(line, view);
  return event ? [event] : [];
}

/** Under which key one of ours is remembered. */
const keyOf = ({ command, tags, params: [, target = ''] }: Line): string | undefined =>
  command === 'REDACT' ? redactionKey(target) : tags.get(KEY_TAG);

/** Of our own only words come back. */
const echoFrom = (line: Line, view: Heard, key: string | undefined) =>
  line.params.length > 1 && line.command !== 'REDACT' ? messageFrom(line, view, key) : undefined;

type Take = (line: Line, ear: Ear) => void;

const table: Readonly<Record<string, Take>> = {
  PRIVMSG: said,
  NOTICE: said,
  REDACT: tagged,
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
  '324': modesTold,
  AWAY: awayTold,
  CHGHOST: ({ source, params: [user, host] }, ear) => {
    if (source) ear.roster.mask(source.nick, `${user}@${host}`);
  },
};

function said(line: Line, ear: Ear): void {
  const channel = ear.channel(line.params[0] ?? '');
  // A server has no user name: what it says to a channel is not said by anybody in it.
  if (!channel || line.source?.user === undefined) return;
  const relayer = relayerOf(line);
  const ours = whose(ear, relayer ?? line.source.nick);
  const save = ours && relayer === undefined ? learnMask(ear, line.source, ours) : [];
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

function awayTold({ source, params: [away] }: Line, ear: Ear): void {
  if (!ear.tellsAway || !source || whose(ear, source.nick)) return;
  const sender = userIdOf(source.nick, ear.features);
  ear.hint({ kind: 'presence', sender, forMs: 0, ...(away !== undefined && { away }) });
}

function retitled(line: Line, ear: Ear): void {
  const [first = '', second = ''] = line.params;
  const channel = ear.channel(line.command === 'TOPIC' ? first : second);
  if (!channel) return;
  channel.topic.hear(line, sentAtMs(line, ear.now()));
  // What is told to whoever joins is news only once all of it is known.
  if (channel.state === 'in' && line.command === 'TOPIC') ear.retitled(channel);
}
