import { describe, expect, it } from 'vitest';
import { permissionsIn } from '../../../src/config/index.ts';
import type { Permissions } from '../../../src/config/permissions.ts';

const permissions = {
  '*': 'relay',
  'example.org': 'use',
  'other.example:8448': 'none',
  '@ann:example.org': 'admin',
} as const;

describe('permissionsIn', () => {
  it.each([
    ['@ann:example.org', 'admin'],
    ['@bob:example.org', 'use'],
    ['@eve:other.example:8448', 'none'],
    ['@eve:other.example', 'relay'],
  ])('takes the most exact entry for %s', (userId, permission) => {
    expect(permissionsIn(permissions)(userId)).toBe(permission);
  });

  it.each([
    ['@spam17:example.org', 'none'],
    ['@spam17:friends.example.org', 'none'],
    ['@ann:example.org', 'use'],
    ['@ann:friends.example.org', 'admin'],
    ['@ann:a.friends.example.org', 'relay'],
    ['@ann:elsewhere.example', 'none'],
  ])('takes the mask that names most of %s, users before servers', (userId, permission) => {
    const byMask: Permissions = {
      ...{ '*.example.org': 'relay', '@spam*:*': 'none', 'example.org': 'use' },
      ...{ 'friends.example.*': 'admin', '*.friends.example.org': 'relay' },
    };
    expect(permissionsIn(byMask)(userId)).toBe(permission);
  });

  it('takes the stricter of two masks that name as much', () => {
    const either = { '*.a.example': 'use', 'b.*.example': 'none' } as const;
    expect(permissionsIn(either)('@ann:b.a.example')).toBe('none');
  });

  it('lets somebody do nothing whom no entry names', () => {
    expect(permissionsIn({ '@ann:example.org': 'admin' })('@bob:example.org')).toBe('none');
  });

  it('takes no entry from the names that every object has', () => {
    expect(permissionsIn({})('@constructor:constructor')).toBe('none');
  });
});
