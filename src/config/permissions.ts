import { z } from 'zod';
import { fitsMask } from '../adapter/mask.ts';

const who = /^(@[^:\s]+:\S+|[0-9A-Za-z.:[\]*?-]+)$/;

/** Who may do what. The most exact entry counts: a user, then their server, then `*`; a name before a mask. */
export const Permissions = z.record(
  z
    .string()
    .regex(
      who,
      "expected a user id (@ann:example.org), a server name (example.org), a mask of either (*.example.org) or '*'",
    ),
  z.enum(['none', 'relay', 'use', 'admin']),
);
export type Permissions = z.infer<typeof Permissions>;
export type Permission = Permissions[string];

interface Entry {
  readonly name: string;
  readonly permission: Permission;
}

/**
 * What each user may do, by entries that are sorted out once: it is asked for every message. Somebody whom
 * no entry names may do nothing.
 */
export function permissionsIn(permissions: Permissions): (userId: string) => Permission {
  const entries = Object.entries(permissions).map(([name, permission]) => ({ name, permission }));
  const named = new Map(entries.map(({ name, permission }) => [name, permission]));
  const masks = entries.filter(({ name }) => /[*?]/.test(name)).sort(byExactness);
  const [ofUsers, ofServers] = [true, false].map((isOfUsers) =>
    masks.filter(({ name }) => name.startsWith('@') === isOfUsers),
  );
  const find = (name: string, those: readonly Entry[] = []) =>
    named.get(name) ?? those.find((entry) => fitsMask(name, entry.name))?.permission;
  return (userId) => {
    const server = userId.slice(userId.indexOf(':') + 1);
    return find(userId, ofUsers) ?? find(server, ofServers) ?? 'none';
  };
}

/** Those that name most first, and of two that name as much the stricter. */
const byExactness = (a: Entry, b: Entry): number =>
  lettersOf(b) - lettersOf(a) || strictness(a) - strictness(b);

const STRICTEST_FIRST: readonly Permission[] = ['none', 'relay', 'use', 'admin'];
const lettersOf = ({ name }: Entry): number => name.replace(/[*?]/g, '').length;
const strictness = ({ permission }: Entry): number => STRICTEST_FIRST.indexOf(permission);
