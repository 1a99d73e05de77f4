import type { ZodType } from 'zod';
import { IrcConfig } from '../config.ts';
import type { OldConfig } from './old-config.ts';

/** One network of the other bridge, as it stands in our config. */
export interface NetworkDraft {
  readonly id: string;
  /** What the other bridge calls it: its data is under this name. */
  readonly domain: string;
  readonly section: Readonly<Record<string, unknown>>;
  /** Its accounts have the user's name, not their nick. */
  readonly usesSasl: boolean;
  readonly links: readonly { readonly chat: string; readonly room: string }[];
  /** How it calls the ghosts. */
  readonly ghosts: string;
  /** Settings whose values ours do not take. */
  readonly unfit: readonly string[];
}

/** What was not set holds as it was there, not as it is here, where the two differ. */
const OLD_PORT = 6667;
const OLD_NICK = 'M-$DISPLAY';
const OLD_MOST_CONNECTIONS = 30;
const OLD_LINES = 3;
const OLD_BOT = 'appservicebot';

export function networkFrom(old: OldConfig, domain: string, id: string): NetworkDraft {
  const at = ['ircService', 'servers', domain] as const;
  const links = old
    .keys(...at, 'mappings')
    .flatMap((chat) =>
      old.texts(...at, 'mappings', chat, 'roomIds').map((room) => ({ chat, room })),
    );
  const idleSeconds = old.number(...at, 'ircClients', 'idleTimeout');
  const name = old.text(...at, 'name') ?? old.text(...at, 'description');
  const options = optionsFrom(old, at, domain);
  return {
    id,
    domain,
    links,
    usesSasl: old.flag(...at, 'sasl') ?? false,
    ghosts: old.text(...at, 'matrixClients', 'userTemplate') ?? '@$SERVER_$NICK',
    unfit: Object.keys(options).filter((key) => !fits(key, options[key])),
    section: {
      adapter: 'irc',
      ...(name !== undefined && { displayName: name }),
      ...(idleSeconds !== undefined && idleSeconds > 0 && { idleCloseMs: idleSeconds * 1_000 }),
      ...roomsIn(old, at),
      ...joinsIn(old, at),
      ...(links.length > 0 && { portals: links }),
      options: Object.fromEntries(
        Object.entries(options).filter(([key, value]) => fits(key, value)),
      ),
    },
  };
}

type At = readonly string[];

function optionsFrom(old: OldConfig, at: At, domain: string): Readonly<Record<string, unknown>> {
  const options = {
    ...serversIn(old, at, domain),
    ...botIn(old, at),
    channelKeys: keysIn(old, at),
    ...clientsIn(old, at),
    powerLevels: powersIn(old, at),
    privateMessages: old.flag(...at, 'privateMessages', 'enabled'),
    splitPatienceMs: old.flag(...at, 'quitDebounce', 'enabled')
      ? old.number(...at, 'quitDebounce', 'delayMaxMs')
      : undefined,
    ...identIn(old),
    fallbackCharset: old.text('ircService', 'encodingFallback'),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

const shape: Readonly<Record<string, ZodType>> = IrcConfig.shape;
const fits = (key: string, value: unknown): boolean =>
  shape[key]?.safeParse(value).success === true;

function serversIn(old: OldConfig, at: At, domain: string) {
  const others = old.texts(...at, 'additionalAddresses');
  const isNamed = old.flag(...at, 'onlyAdditionalAddresses') === true && others.length > 0;
  const [host = domain, ...more] = isNamed ? others : [domain, ...others];
  return {
    host,
    port: old.number(...at, 'port') ?? OLD_PORT,
    otherServers: more.length > 0 ? more : undefined,
    tls: old.flag(...at, 'ssl') ?? false,
    password: old.text(...at, 'password'),
  };
}

function botIn(old: OldConfig, at: At) {
  old.is(true, ...at, 'botConfig', 'enabled');
  const nick = old.text(...at, 'botConfig', 'nick') ?? OLD_BOT;
  const accountPassword = old.text(...at, 'botConfig', 'password');
  return {
    nick,
    username: old.text(...at, 'botConfig', 'username'),
    ...(accountPassword !== undefined && !/\s/.test(nick) && { account: nick, accountPassword }),
  };
}

const keysIn = (old: OldConfig, at: At) => {
  const keys = old.keys(...at, 'mappings').flatMap((channel) => {
    const key = old.text(...at, 'mappings', channel, 'key');
    return key === undefined ? [] : [[channel, key] as const];
  });
  return keys.length > 0 ? Object.fromEntries(keys) : undefined;
};

function clientsIn(old: OldConfig, at: At) {
  const clients = [...at, 'ircClients'];
  const modes = old.text(...clients, 'userModes');
  old.is('mxid', ...clients, 'realnameFormat');
  return {
    enlistedNick: nickFrom(old.text(...clients, 'nickTemplate') ?? OLD_NICK),
    enlistedModes: modes === undefined || modes === '' ? undefined : `+${modes.replace(/^\+/, '')}`,
    maxConnections: old.number(...clients, 'maxClients') ?? OLD_MOST_CONNECTIONS,
    pasteLines: old.number(...clients, 'lineLimit') ?? OLD_LINES,
    pingIntervalMs: old.number(...clients, 'pingRateMs'),
    pingTimeoutMs: old.number(...clients, 'pingTimeoutMs'),
  };
}

const nickFrom = (template: string): string =>
  template
    .replaceAll('$DISPLAY', '{displayName}')
    .replaceAll('$LOCALPART', '{localpart}')
    .replaceAll('$USERID', '{localpart}');

function powersIn(old: OldConfig, at: At) {
  const modes = old.keys(...at, 'modePowerMap');
  const levels = modes.map((mode) => [mode, old.number(...at, 'modePowerMap', mode)] as const);
  return modes.length > 0 ? Object.fromEntries(levels) : undefined;
}

function identIn(old: OldConfig) {
  if (old.flag('ircService', 'ident', 'enabled') !== true) return {};
  return {
    identPort: old.number('ircService', 'ident', 'port'),
    identHost: old.text('ircService', 'ident', 'address'),
  };
}

/** For which channels a room is made on request. */
function roomsIn(old: OldConfig, at: At) {
  const excluded = old.texts(...at, 'dynamicChannels', 'exclude');
  if (old.flag(...at, 'dynamicChannels', 'enabled') !== true) return { roomsFor: [] };
  return excluded.length > 0 ? { noRoomsFor: excluded } : {};
}

/** Who is shown, and who comes in, before they speak. */
function joinsIn(old: OldConfig, at: At) {
  const lists = [...at, 'membershipLists'];
  const isOn = old.flag(...lists, 'enabled') === true;
  const all = [...lists, 'global'];
  const voices = [...all, 'matrixToIrc'];
  const whenever = [old.flag(...voices, 'initial'), old.flag(...voices, 'incremental')];
  return {
    ghostsJoin: isOn ? ghostsIn(old, [...all, 'ircToMatrix']) : 'speaking',
    voicesJoin: isOn && whenever.includes(true) ? 'entering' : 'speaking',
    ...(isOn && singleIn(old, [...lists, 'channels'])),
  };
}

function ghostsIn(old: OldConfig, at: At) {
  const [initial, changes] = [old.flag(...at, 'initial'), old.flag(...at, 'incremental')];
  if (initial) return changes ? 'all' : 'initial';
  return changes ? 'changes' : 'speaking';
}

function singleIn(old: OldConfig, at: At) {
  const chats = old.keys(...at).flatMap((i) => {
    const channel = old.text(...at, i, 'channel');
    if (channel === undefined) return [];
    return [[channel.toLowerCase(), { ghostsJoin: ghostsIn(old, [...at, i, 'ircToMatrix']) }]];
  });
  return chats.length > 0 && { chats: Object.fromEntries(chats) };
}
