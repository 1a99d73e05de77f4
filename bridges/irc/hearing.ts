import type { RemoteEvent, RemoteHint, StateChange, VoiceId } from '#adapter';
import { type Bans, meantBy } from './bans.ts';
import type { Channel } from './channel.ts';
import { KEY_TAG, memberEvent, messageFrom, sentAtMs, typingFrom } from './from-remote.ts';
import { messageIdOf } from './ids.ts';
import type { Naming } from './mentions.ts';
import { type ModeChange, modeChanges } from './modes.ts';
import type { OurNicks } from './our-nicks.ts';
import type { Ours, Roster } from './roster.ts';
import { isSplit, type SplitOff } from './split-off.ts';
import type { Features } from './wire/isupport.ts';
import { type Line, maskOf, parseSource, type Source } from './wire/line.ts';

/** What the bot's connection knows, and where what it hears goes. */
export interface Ear {
  readonly features: Features;
  readonly roster: Roster;
  readonly nicks: OurNicks;
  readonly splitOff: SplitOff;
  /** Absent: bans are the channel's own business. */
  readonly bans: Bans | undefined;
  now(): number;
  channel(name: string): Channel | undefined;
  /** Who can be named in it. */
  naming(channel: Channel): Naming;
  tell(channel: Channel, events: readonly RemoteEvent[], save?: readonly StateChange[]): void;
  hint(hint: RemoteHint): void;
  /** Somebody may do more or less in it than before. */
  rankChanged(channel: Channel): void;
  /** The channel is about something else now. */
  retitled(channel: Channel): void;
  /** The bot itself was put out of a channel. */
  thrownOut(channel: Channel): void;
}

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
  if (line.command !== 'PRIVMSG' && line.command !== 'NOTICE') return [];
  const key = ours && line.tags.get(KEY_TAG);
  if (ours && !key) return [];
  const nowMs = ear.now();
  if (key) channel.echoed(key, messageIdOf(line), nowMs);
  const names = ours ? undefined : ear.naming(channel);
  const view = { chat: channel.chat, features: ear.features, nowMs, ...(names && { names }) };
  const event = messageFrom(line, view, key);
  return event ? [event] : [];
}

type Take = (line: Line, ear: Ear) => void;

const table: Readonly<Record<string, Take>> = {
  PRIVMSG: said,
  NOTICE: said,
  TAGMSG: hinted,
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

function hinted(line: Line, ear: Ear): void {
  const channel = ear.channel(line.params[0] ?? '');
  if (!channel || !line.source || whose(ear, line.source.nick)) return;
  const hint = typingFrom(line, { chat: channel.chat, features: ear.features, nowMs: ear.now() });
  if (hint) ear.hint(hint);
}

function joined(line: Line, ear: Ear): void {
  const { source, params } = line;
  const channel = ear.channel(params[0] ?? '');
  if (!channel || !source) return;
  const ours = ear.nicks.now(source.nick);
  const isNew = ear.roster.enter(channel.name, { nick: source.nick, mask: maskOf(source), ours });
  const save = ours && learnMask(ear, source, ours);
  const isBack = ear.splitOff.back(channel.name, source.nick);
  ear.tell(
    channel,
    isNew && !ours && !isBack ? [moved(line, ear, { channel, nick: source.nick, is: 'in' })] : [],
    save,
  );
}

function parted(line: Line, ear: Ear): void {
  const [name = '', reason] = line.params;
  const nick = line.source?.nick ?? '';
  const ours = whose(ear, nick);
  const channel = ear.channel(name);
  loseRank(ear, name, nick);
  if (!ear.roster.leave(name, nick) || !channel) return;
  // The bot leaves only what it does not listen to any more: somebody with power made it leave.
  if (ours && !ours.voice && channel.state === 'in') ear.thrownOut(channel);
  if (ours) return;
  ear.tell(channel, [moved(line, ear, { channel, nick, is: 'out', reason })]);
}

function quit(line: Line, ear: Ear): void {
  const nick = line.source?.nick ?? '';
  const ours = whose(ear, nick);
  const reason = line.params[0];
  for (const name of ear.roster.channelsOf(nick)) loseRank(ear, name, nick);
  for (const name of ear.roster.quit(nick)) {
    const channel = ear.channel(name);
    if (!channel || ours) continue;
    const gone = () => ear.tell(channel, [moved(line, ear, { channel, nick, is: 'out', reason })]);
    if (isSplit(line)) ear.splitOff.left(name, nick, gone);
    else gone();
  }
}

function kicked(line: Line, ear: Ear): void {
  const [name = '', nick = '', reason = ''] = line.params;
  const channel = ear.channel(name);
  const ours = whose(ear, nick);
  const byOurs = whose(ear, line.source?.nick ?? '');
  loseRank(ear, name, nick);
  ear.roster.leave(name, nick);
  if (!channel) return;
  if (ours && !ours.voice) {
    ear.thrownOut(channel);
    return;
  }
  // Between two voices of ours: the room in which it was done says so already.
  if (ours && byOurs) return;
  const by = byOurs ? { source: { nick } } : {};
  const voice = ours?.voice;
  ear.tell(channel, [moved({ ...line, ...by }, ear, { channel, nick, is: 'out', reason, voice })]);
}

function renamed(line: Line, ear: Ear): void {
  const from = line.source?.nick ?? '';
  const [to = ''] = line.params;
  const ours = whose(ear, from) ?? ear.nicks.now(to);
  const names = ear.roster.rename(from, to);
  if (ours || ear.features.fold(from) === ear.features.fold(to)) return;
  for (const name of names) {
    const channel = ear.channel(name);
    if (!channel) continue;
    ear.splitOff.back(name, to);
    loseRank(ear, name, to);
    ear.tell(channel, [
      moved(line, ear, { channel, nick: from, is: 'out', reason: `is now ${to}` }),
      moved({ ...line, source: { nick: to } }, ear, { channel, nick: to, is: 'in' }),
    ]);
  }
}

function retitled(line: Line, ear: Ear): void {
  const [first = '', second = ''] = line.params;
  const channel = ear.channel(line.command === 'TOPIC' ? first : second);
  if (!channel) return;
  channel.topic.hear(line, sentAtMs(line, ear.now()));
  // What is told to whoever joins is news only once all of it is known.
  if (channel.state === 'in' && line.command === 'TOPIC') ear.retitled(channel);
}

function listed({ params }: Line, ear: Ear): void {
  const channel = ear.channel(params[2] ?? '');
  if (!channel) return;
  for (const word of (params[3] ?? '').split(' ').filter((entry) => entry !== '')) {
    const { bare, rank } = unsigned(word, ear.features);
    const source = parseSource(bare);
    const ours = ear.nicks.now(source.nick);
    ear.roster.enter(channel.name, { nick: source.nick, mask: maskOf(source), ours }, rank);
  }
}

function moded(line: Line, ear: Ear): void {
  const [name = '', ...words] = line.params;
  const channel = ear.channel(name);
  if (!channel) return;
  // What a voice of ours did is known where it was done.
  const isOurs = whose(ear, line.source?.nick ?? '') !== undefined;
  for (const change of modeChanges(words, ear.features)) {
    if (change.letter === 'b' && !isOurs) banned(line, ear, { channel, change });
    if (ear.features.prefixModes.includes(change.letter)) ranked(ear, channel, change);
  }
}

function ranked(ear: Ear, channel: Channel, { letter, isSet, about = '' }: ModeChange): void {
  ear.roster.setRank(channel.name, about, { letter, isSet });
  if (!whose(ear, about)) ear.rankChanged(channel);
}

/** Whoever goes is nothing in the channel any more, and may come back as nothing. */
function loseRank(ear: Ear, name: string, nick: string): void {
  const channel = ear.channel(name);
  if (channel && ear.roster.rank(name, nick) !== '' && !whose(ear, nick)) ear.rankChanged(channel);
}

/** A ban that means one person of the network, or its lifting. */
function banned(
  line: Line,
  ear: Ear,
  { channel, change: { isSet, about = '' } }: { channel: Channel; change: ModeChange },
): void {
  if (!ear.bans) return;
  const { chat, name } = channel;
  if (!isSet) {
    const { nick, save } = ear.bans.lifted(chat, about);
    if (nick) ear.tell(channel, [moved(line, ear, { channel, nick, is: 'unbanned' })], save);
    return;
  }
  const people = ear.roster.members(name);
  const meant = meantBy(about, people, (text) => ear.features.fold(text));
  if (!meant || meant.ours || ear.nicks.now(meant.nick)) return;
  const { nick } = meant;
  const save = ear.bans.set(chat, about, nick);
  ear.tell(channel, [moved(line, ear, { channel, nick, is: 'banned' })], save);
}

/** A word of NAMES: signs of what somebody is, then who. */
function unsigned(word: string, { prefixSigns, prefixModes }: Features) {
  let start = 0;
  let rank = '';
  for (; start < word.length && prefixSigns.includes(word.charAt(start)); start++)
    rank += prefixModes.charAt(prefixSigns.indexOf(word.charAt(start)));
  return { bare: word.slice(start), rank };
}

function learnMask({ nicks }: Ear, source: Source, ours: Ours): readonly StateChange[] {
  const mask = maskOf(source);
  const change = mask && nicks.seen(ours, source.nick, mask);
  return change ? [change] : [];
}

/** Those whose coming was heard are known for sure; of others it is what our connections say now. */
function whose({ roster, nicks }: Ear, nick: string): Ours | undefined {
  const person = roster.person(nick);
  return person ? person.ours : nicks.now(nick);
}

interface Move {
  readonly channel: Channel;
  readonly nick: string;
  readonly is: RemoteEvent<'member'>['is'];
  readonly reason?: string | undefined;
  readonly voice?: VoiceId | undefined;
}

function moved(line: Line, ear: Ear, { channel, ...move }: Move): RemoteEvent {
  const by = line.source?.nick ?? move.nick;
  const atMs = sentAtMs(line, ear.now());
  return memberEvent({ ...move, channel: channel.name, by }, ear.features, atMs);
}
