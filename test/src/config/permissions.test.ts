import { describe, expect, it } from 'vitest';
import { permissionOf } from '../../../src/config/index.ts';

const permissions = {
  '*': 'relay',
  'example.org': 'use',
  'other.example:8448': 'none',
  '@ann:example.org': 'admin',
} as const;

describe('permissionOf', () => {
  it.each([
    ['@ann:example.org', 'admin'],
    ['@bob:example.org', 'use'],
    ['@eve:other.example:8448', 'none'],
    ['@eve:other.example', 'relay'],
  ])('takes the most exact entry for %s', (userId, permission) => {
    expect(permissionOf(permissions, userId)).toBe(permission);
  });

  it('lets somebody do nothing whom no entry names', () => {
    expect(permissionOf({ '@ann:example.org': 'admin' }, '@bob:example.org')).toBe('none');
  });

  it('takes no entry from the names that every object has', () => {
    expect(permissionOf({}, '@constructor:constructor')).toBe('none');
  });
});
