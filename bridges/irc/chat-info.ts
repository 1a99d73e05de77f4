import type { ChatInfo, RemoteChatId, RemoteUserId } from '#adapter';
import { accessOf } from './channel-modes.ts';
import type { ChannelSet } from './channel-set.ts';
import type { IrcConfig } from './config.ts';
import { userIdOf } from './ids.ts';
import { powersIn } from './powers.ts';
import type { Roster } from './roster.ts';
import type { SplitOff } from './split-off.ts';
import type { Features } from './wire/isupport.ts';

/** The bot, as far as what it knows of its channels. */
interface Bot {
  readonly channels: ChannelSet;
  readonly roster: Roster;
  readonly splitOff: SplitOff;
  readonly features: Features;
  readonly config: IrcConfig;
}

/** What a channel is now. What the bot does not know while it is not in it is left out. */
export function channelInfo(chat: RemoteChatId, bot: Bot): ChatInfo {
  const channel = bot.channels.get(chat);
  const topic = channel?.topic.text;
  const plain = { kind: 'group', name: channel?.name ?? chat } as const;
  const about = { ...plain, ...(topic !== undefined && { topic }) };
  if (channel?.state !== 'in') return about;
  const powers = powersIn(channel.name, bot.config.powerLevels, bot);
  const access = accessIn(channel, bot);
  return {
    ...about,
    members: membersIn(channel.name, bot),
    ...(powers && { powers }),
    ...(access && { access }),
  };
}

type Channel = NonNullable<ReturnType<ChannelSet['get']>>;

/** Whom a netsplit took away is still there for a while. */
function membersIn(channel: string, { roster, splitOff, features }: Bot): readonly RemoteUserId[] {
  const others = roster.members(channel).filter(({ ours }) => !ours);
  const nicks = [...others.map(({ nick }) => nick), ...splitOff.of(channel)];
  return nicks.map((nick) => userIdOf(nick, features));
}

/** Absent: of no interest. */
function accessIn({ name, modes }: Channel, { roster, config }: Bot): ChatInfo['access'] {
  const { powerLevels: levels, modesToMatrix: meanings } = config;
  if (Object.keys(meanings).length === 0) return undefined;
  const speakers = roster
    .members(name)
    .flatMap(({ nick, ours }) =>
      ours?.voice && roster.rank(name, nick) !== '' ? [ours.voice] : [],
    );
  return accessOf(modes, { meanings, levels, speakers });
}
