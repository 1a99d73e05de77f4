import type { AdoptedPerson, AdoptedPortal, Adoption } from '#adapter';
import { NAME, PASSWORD } from '../logins.ts';
import { accountAsState } from '../own-account.ts';
import type { Draft } from './config.ts';
import type { NetworkDraft } from './network.ts';
import type { OldChannel, OldData, OldPerson } from './old-data.ts';
import type { OpenPassword } from './passwords.ts';

/** Something of the other bridge that is not taken over, and why. */
export interface Left {
  readonly what: string;
  readonly why: string;
}

export interface Plan {
  readonly adoption: Adoption;
  readonly left: readonly Left[];
}

interface Sources {
  readonly draft: Draft;
  readonly data: OldData;
  /** Absent: they are left behind. */
  readonly open?: OpenPassword;
}

/** What becomes of each row of the other bridge. */
export function planFor({ draft, data, open }: Sources): Plan {
  const left: Left[] = [];
  const leave = (what: string, why: string) => void left.push({ what, why });
  const networkOf = (domain: string) => draft.networks.find((one) => one.domain === domain);
  const portals = portalsIn(data, networkOf, leave);
  const people = peopleIn(data, { networkOf, open, leave });
  for (const { nick, room, userId } of data.privateRooms)
    leave(`private room ${room} of ${userId} with ${nick}`, NEW_GHOSTS);
  for (const { room, userId } of data.adminRooms)
    leave(`room ${room} of ${userId} with the old bot`, 'they begin a new one with the new bot');
  for (const { what, count } of data.others)
    if (count > 0) leave(`${count} × ${what}`, 'there is nothing like it here');
  return { adoption: { config: draft.config, portals, people }, left };
}

const NEW_GHOSTS =
  'its other member is a ghost of the old bridge: they begin a new one, by `msg NICK` to the bot';
const NO_NETWORK = 'the old config has no such server';

type NetworkOf = (domain: string) => NetworkDraft | undefined;
type Leave = (what: string, why: string) => void;

function portalsIn(data: OldData, networkOf: NetworkOf, leave: Leave): readonly AdoptedPortal[] {
  const owned = new Set<string>();
  const portalOf = ({ channel, room, origin }: OldChannel, network: string): AdoptedPortal => {
    const isMade = origin === 'alias' || origin === 'join';
    const ownsRoom = isMade && !owned.has(room);
    if (ownsRoom) owned.add(room);
    return { network, chat: channel, room, origin: isMade ? 'alias' : 'command', ownsRoom };
  };
  return data.channels.flatMap((row) => {
    const { domain, channel, room } = row;
    const network = networkOf(domain);
    if (network && isInConfig(network, row)) return [];
    const why = network ? whyNot(row) : NO_NETWORK;
    if (network && why === undefined) return [portalOf(row, network.id)];
    leave(`link of ${channel} on ${domain} to ${room}`, why ?? NO_NETWORK);
    return [];
  });
}

const isInConfig = ({ links }: NetworkDraft, { channel, room }: OldChannel): boolean =>
  links.some((one) => one.room === room && same(one.chat, channel));

/** Names in the old database are in small letters, those in its config need not be. */
const same = (name: string, stored: string): boolean => {
  const lower = name.toLowerCase();
  const folded = lower.replaceAll('[', '{').replaceAll(']', '}').replaceAll('\\', '|');
  return [lower, folded, folded.replaceAll('^', '~')].includes(stored);
};

function whyNot({ channel, room, origin }: OldChannel): string | undefined {
  if (!/^[#&+!][^\s\p{Cc},]{1,199}$/u.test(channel)) return 'that is no name of a channel';
  if (!/^!\S+$/.test(room)) return 'that is no id of a room';
  return origin === 'config' ? 'it came from the old config, which no longer names it' : undefined;
}

interface PeopleParts {
  readonly networkOf: NetworkOf;
  readonly open: OpenPassword | undefined;
  readonly leave: Leave;
}

function peopleIn(data: OldData, parts: PeopleParts): readonly AdoptedPerson[] {
  const out = new Set(data.deactivated);
  return data.people.flatMap((person) => {
    const { domain, userId } = person;
    const network = parts.networkOf(domain);
    const why = network ? (out.has(userId) ? 'they are deactivated' : undefined) : NO_NETWORK;
    if (why !== undefined || !network) {
      parts.leave(`settings of ${userId} on ${domain}`, why ?? NO_NETWORK);
      return [];
    }
    const state = { ...nickIn(person, parts), ...accountIn(person, network, parts) };
    return Object.keys(state).length > 0 ? [{ network: network.id, userId, state }] : [];
  });
}

type State = AdoptedPerson['state'];

function nickIn({ userId, domain, nick, address }: OldPerson, { leave }: PeopleParts): State {
  if (address !== undefined)
    leave(
      `address ${address} of ${userId} on ${domain}`,
      'each has one that follows from the user id',
    );
  if (nick === undefined) return {};
  if (/^[^\s\p{Cc}!@*?,:$#&+0-9-][^\s\p{Cc}!@*?,:]*$/u.test(nick))
    return { nick: Buffer.from(nick) };
  leave(`nick ${JSON.stringify(nick)} of ${userId} on ${domain}`, 'no server takes it');
  return {};
}

/** By SASL the old bridge gave the user name as the account, else the network knew it by the nick. */
function accountIn(person: OldPerson, network: NetworkDraft, { open, leave }: PeopleParts): State {
  const { userId, domain, nick, username } = person;
  if (person.password === undefined) return {};
  const what = `password of ${userId} on ${domain}`;
  const name = network.usesSasl ? (username ?? nick) : (nick ?? username);
  const password = open?.(person.password);
  if (!open) leave(what, 'passwords were to be left behind');
  else if (password === undefined) leave(what, 'the key does not open it');
  else if (name === undefined || !NAME.test(name))
    leave(what, 'it is not known of which account: they log in anew');
  else if (!PASSWORD.test(password)) leave(what, 'a password has no spaces');
  else return accountAsState({ name, password });
  return {};
}
