import type { RemoteEvent, VoiceId } from '#adapter';
import type { Channel } from './channel.ts';
import { type Ear, learnMask, whose } from './ear.ts';
import { memberEvent, sentAtMs } from './from-remote.ts';
import { isSplit } from './split-off.ts';
import type { Features } from './wire/isupport.ts';
import { type Line, maskOf, parseSource } from './wire/line.ts';

export function joined(line: Line, ear: Ear): void {
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

export function parted(line: Line, ear: Ear): void {
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

export function quit(line: Line, ear: Ear): void {
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

export function kicked(line: Line, ear: Ear): void {
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

export function renamed(line: Line, ear: Ear): void {
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

export function listed({ params }: Line, ear: Ear): void {
  const channel = ear.channel(params[2] ?? '');
  if (!channel) return;
  for (const word of (params[3] ?? '').split(' ').filter((entry) => entry !== '')) {
    const { bare, rank } = unsigned(word, ear.features);
    const source = parseSource(bare);
    const ours = ear.nicks.now(source.nick);
    ear.roster.enter(channel.name, { nick: source.nick, mask: maskOf(source), ours }, rank);
  }
}

/** A word of NAMES: signs of what somebody is, then who. */
function unsigned(word: string, { prefixSigns, prefixModes }: Features) {
  let start = 0;
  let rank = '';
  for (; start < word.length && prefixSigns.includes(word.charAt(start)); start++)
    rank += prefixModes.charAt(prefixSigns.indexOf(word.charAt(start)));
  return { bare: word.slice(start), rank };
}

/** Whoever goes is nothing in the channel any more, and may come back as nothing. */
function loseRank(ear: Ear, name: string, nick: string): void {
  const channel = ear.channel(name);
  if (channel && ear.roster.rank(name, nick) !== '' && !whose(ear, nick))
    ear.rightsChanged(channel);
}

interface Move {
  readonly channel: Channel;
  readonly nick: string;
  readonly is: RemoteEvent<'member'>['is'];
  readonly reason?: string | undefined;
  readonly voice?: VoiceId | undefined;
}

export function moved(line: Line, ear: Ear, { channel, ...move }: Move): RemoteEvent {
  const by = line.source?.nick ?? move.nick;
  const atMs = sentAtMs(line, ear.now());
  return memberEvent({ ...move, channel: channel.name, by }, ear.features, atMs);
}
