import { BridgeError } from '#adapter';
import { type NetworkDraft, networkFrom } from './network.ts';
import type { OldConfig } from './old-config.ts';
import { type Allowed, maskOf } from './permissions.ts';

/** The config of the other bridge as one of ours. */
export interface Draft {
  readonly config: Readonly<Record<string, unknown>>;
  readonly networks: readonly NetworkDraft[];
}

/**
 * @param deactivated Matrix users who are not to be bridged any more.
 * @throws {BridgeError} `not_allowed`: it is no such config.
 */
export function configFrom(old: OldConfig, deactivated: readonly string[]): Draft {
  const domains = domainsIn(old);
  const url = old.text('homeserver', 'url');
  const serverName = old.text('homeserver', 'domain');
  if (domains.length === 0 || url === undefined || serverName === undefined)
    throw new BridgeError('not_allowed', NOT_IT, { effect: 'none' });
  const ids = idsFor(old, domains);
  const networks = domains.map((domain, i) => networkFrom(old, domain, ids[i] ?? domain));
  const out = deactivated.map((userId) => [userId, 'none'] as const);
  const config = {
    homeserver: { url, serverName },
    bridge: {
      url: `http://127.0.0.1:${PORT}`,
      listen: { port: PORT },
      permissions: { '*': 'use', ...permissionsIn(old, domains), ...Object.fromEntries(out) },
    },
    ...metricsIn(old),
    networks: Object.fromEntries(networks.map(({ id, section }) => [id, section])),
  };
  return { config, networks };
}

/** The servers of the config: one network each. */
export const domainsIn = (old: OldConfig) => old.keys('ircService', 'servers');

const NOT_IT =
  'this is no config of matrix-appservice-irc: it has no homeserver.url and domain, or no ircService.servers';
/** Where the homeserver looks for the old bridge nobody may listen twice. */
const PORT = 9993;

/** Short ones, as they stand in the user id of each ghost. */
function idsFor(old: OldConfig, domains: readonly string[]): readonly string[] {
  const ids: string[] = [];
  for (const domain of domains) {
    const at = ['ircService', 'servers', domain] as const;
    const wanted = old.text(...at, 'networkId') ?? old.text(...at, 'name') ?? domain;
    const letters = wanted
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+|-+$/g, '');
    const id = letters.slice(0, 50) || 'irc';
    ids.push(ids.includes(id) ? `${id}-${ids.length + 1}` : id);
  }
  return ids;
}

function permissionsIn(old: OldConfig, domains: readonly string[]): Allowed {
  const admins = old
    .keys('ircService', 'permissions')
    .filter((who) => old.is('admin', 'ircService', 'permissions', who));
  const excluded = domains.flatMap((domain) => excludedIn(old, domain));
  return Object.fromEntries([
    ...admins.map((who) => [who, 'admin'] as const),
    ...excluded.map((mask) => [mask, 'none'] as const),
  ]);
}

/** Here nobody is kept out of one network alone. */
function excludedIn(old: OldConfig, domain: string): readonly string[] {
  const at = ['ircService', 'servers', domain, 'excludedUsers'] as const;
  return old.keys(...at).flatMap((i) => {
    const mask = maskOf(old.peek(...at, i, 'regex') ?? '');
    if (mask === undefined) return [];
    old.text(...at, i, 'regex');
    return [mask];
  });
}

function metricsIn(old: OldConfig) {
  if (old.flag('ircService', 'metrics', 'enabled') !== true) return {};
  const [host, port] = [
    old.text('ircService', 'metrics', 'host'),
    old.number('ircService', 'metrics', 'port'),
  ];
  return {
    metrics: { ...(host !== undefined && { host }), ...(port !== undefined && { port }) },
  };
}
