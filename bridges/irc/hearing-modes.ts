import { meantBy } from './bans.ts';
import type { Channel } from './channel.ts';
import { type Ear, whose } from './ear.ts';
import { moved } from './hearing-people.ts';
import { type ModeChange, modeChanges } from './modes.ts';
import type { Line } from './wire/line.ts';

/** No line with codes comes in (`c`), or they are taken out (`S`). */
const NO_CODES = new Set(['c', 'S']);

export function moded(line: Line, ear: Ear): void {
  const [name = '', ...words] = line.params;
  const channel = ear.channel(name);
  if (!channel) return;
  // What a voice of ours did is known where it was done.
  const isOurs = whose(ear, line.source?.nick ?? '') !== undefined;
  for (const change of modeChanges(words, ear.features)) {
    if (change.letter === 'b' && !isOurs) banned(line, ear, { channel, change });
    noCodes(channel, change);
    if (ear.features.prefixModes.includes(change.letter)) ranked(ear, channel, change);
    else if (ear.modeMeanings[change.letter]) remoded(ear, channel, change);
  }
}

function noCodes(channel: Channel, { letter, isSet }: ModeChange): void {
  if (!NO_CODES.has(letter)) return;
  if (isSet) channel.noCodes.add(letter);
  else channel.noCodes.delete(letter);
}

/** RPL_CHANNELMODEIS: all modes that a channel has. */
export function modesTold({ params }: Line, ear: Ear): void {
  const [, name = '', ...words] = params;
  const channel = ear.channel(name);
  if (!channel) return;
  const changes = modeChanges(words, ear.features);
  channel.modes.told(changes);
  for (const change of changes) noCodes(channel, change);
  ear.rightsChanged(channel);
}

function remoded(ear: Ear, channel: Channel, change: ModeChange): void {
  channel.modes.change(change);
  ear.rightsChanged(channel);
}

function ranked(ear: Ear, channel: Channel, { letter, isSet, about = '' }: ModeChange): void {
  ear.roster.setRank(channel.name, about, { letter, isSet });
  if (!whose(ear, about)) ear.rightsChanged(channel);
  // Of a voice it is nobody's power, but it may let its person speak.
  else if (Object.keys(ear.modeMeanings).length > 0) ear.rightsChanged(channel);
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
