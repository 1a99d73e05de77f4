import { z } from 'zod';
import { fitsMask } from '../adapter/mask.ts';

const who = /^(@[^:\s]+:\S+|[0-9A-Za-z.:[\]*?-]+)$/;
const isMask = /[*?]/;

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

/** What a user may do. Somebody whom no entry names may do nothing. */
export function permissionOf(permissions: Permissions, userId: string): Permission {
  const server = userId.slice(userId.indexOf(':') + 1);
  for (const name of [userId, server]) {
    if (Object.hasOwn(permissions, name)) return permissions[name] ?? 'none';
    const [fitting] = masksFor(name, permissions);
    if (fitting) return fitting.permission;
  }
  return 'none';
}

const STRICTEST_FIRST: readonly Permission[] = ['none', 'relay', 'use', 'admin'];

/** The masks that a user id or a server name fits, those that name most of it first. */
function masksFor(name: string, permissions: Permissions) {
  return Object.entries(permissions)
    .map(([mask, permission]) => ({ mask, permission }))
    .filter(({ mask }) => isMask.test(mask) && isOfUser(mask) === isOfUser(name))
    .filter(({ mask }) => fitsMask(name, mask))
    .sort((a, b) => exactness(b.mask) - exactness(a.mask) || strictness(a) - strictness(b));
}

const isOfUser = (name: string): boolean => name.startsWith('@');
/** How many letters it names. */
const exactness = (mask: string): number => mask.replace(/[*?]/g, '').length;
const strictness = ({ permission }: { readonly permission: Permission }): number =>
  STRICTEST_FIRST.indexOf(permission);
