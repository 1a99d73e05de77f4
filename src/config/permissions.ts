import { z } from 'zod';

const who = /^(\*|@[^:\s]+:\S+|[0-9A-Za-z.:[\]-]+)$/;

/** Who may do what. The most exact entry counts: a user, then their server, then `*`. */
export const Permissions = z.record(
  z
    .string()
    .regex(who, "expected a user id (@ann:example.org), a server name (example.org) or '*'"),
  z.enum(['none', 'relay', 'use', 'admin']),
);
export type Permissions = z.infer<typeof Permissions>;
export type Permission = Permissions[string];

/** What a user may do. Somebody whom no entry names may do nothing. */
export function permissionOf(permissions: Permissions, userId: string): Permission {
  const server = userId.slice(userId.indexOf(':') + 1);
  for (const key of [userId, server, '*']) {
    if (Object.hasOwn(permissions, key)) return permissions[key] ?? 'none';
  }
  return 'none';
}
