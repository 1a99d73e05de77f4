import { describe, expect, it } from 'vitest';
import { hasCreators, maySetState, withPowers } from '../../../../src/matrix/client/power.ts';
import type { Json } from '../../../../src/util/fields.ts';

const creator = '@creator:example.org';
const other = '@other:example.org';

const inVersion = (version: string | undefined, content: Json = {}) => ({
  sender: creator,
  content: { ...(version === undefined ? {} : { room_version: version }), ...content },
});

describe('maySetState', () => {
  it.each<[string, string, Json | undefined, boolean]>([
    ['the creator, without power levels', creator, undefined, true],
    ['anybody else, without power levels', other, undefined, false],
    ['somebody with 50', other, { users: { [other]: 50 } }, true],
    ['somebody with 49', other, { users: { [other]: 49 } }, false],
    ['somebody with the default', other, { users_default: 50 }, true],
    ['somebody below the default', other, { users: { [other]: 0 }, users_default: 50 }, false],
    ['the creator who was demoted', creator, { users: { [creator]: 0 } }, false],
    ['somebody below the state level', other, { users: { [other]: 50 }, state_default: 51 }, false],
    ['somebody at a low state level', other, { state_default: 0 }, true],
    ['a level that is a text', other, { users: { [other]: '50' } }, true],
    ['a level that is nonsense', other, { users: { [other]: 'many' } }, false],
    ['a user called like a field of every object', 'constructor', {}, false],
  ])('of version 11: %s', (_, who, levels, expected) => {
    expect(maySetState(who, { create: inVersion('11'), levels })).toBe(expected);
  });

  it('knows the creator of version 10 by the content', () => {
    const create = { sender: undefined, content: { room_version: '10', creator: other } };
    expect(maySetState(other, { create, levels: undefined })).toBe(true);
    expect(maySetState(creator, { create, levels: undefined })).toBe(false);
  });

  it('of version 12 gives its creators all power, whatever the levels say', () => {
    const create = inVersion('12', { additional_creators: [other] });
    const levels = { users: { [creator]: 0 }, state_default: 1000 };
    expect(maySetState(creator, { create, levels })).toBe(true);
    expect(maySetState(other, { create, levels })).toBe(true);
    expect(maySetState('@third:example.org', { create, levels })).toBe(false);
  });

  it('of version 11 knows no additional creators', () => {
    const create = inVersion('11', { additional_creators: [other] });
    expect(maySetState(other, { create, levels: {} })).toBe(false);
  });

  it('of a room without a version, which is 1, follows the levels', () => {
    expect(maySetState(creator, { create: inVersion(undefined), levels: {} })).toBe(false);
  });
});

describe('withPowers', () => {
  const bot = '@bot:example.org';
  const [op, gone] = ['@net_op:example.org', '@net_gone:example.org'];
  const wanted = (...powers: readonly (readonly [string, number])[]) => ({
    powers: new Map(powers),
    of: (userId: string) => userId.startsWith('@net_'),
  });
  const create = inVersion('11');
  const users = { [bot]: 60, [other]: 55, [gone]: 50 };
  const levels = { users, state_default: 50 };

  it('gives what is wanted, takes what is not, and leaves everybody else', () => {
    expect(withPowers({ create, levels }, bot, wanted([op, 50]))).toEqual({
      users: { [bot]: 60, [other]: 55, [op]: 50 },
      state_default: 50,
    });
  });

  it('is nothing where all is so already', () => {
    const facts = { create, levels: { users: { [bot]: 60, [op]: 50 } } };
    expect(withPowers(facts, bot, wanted([op, 50]))).toBeUndefined();
  });

  it('gives less than its own, and changes nobody who has as much', () => {
    const equal = { create, levels: { users: { [bot]: 60, [gone]: 60 } } };
    expect(withPowers(equal, bot, wanted([op, 100]))).toEqual({
      users: { [bot]: 60, [gone]: 60, [op]: 59 },
    });
    const above = { create, levels: { users: { [bot]: 60, [op]: 60 } } };
    expect(withPowers(above, bot, wanted([op, 50]))).toBeUndefined();
  });

  it('gives as much as is wanted where its own has no bound', () => {
    const facts = { create: { ...inVersion('12'), sender: bot }, levels: {} };
    expect(withPowers(facts, bot, wanted([op, 100]))).toEqual({ users: { [op]: 100 } });
  });

  it('is nothing where it has no power itself, or the room has no levels', () => {
    expect(withPowers({ create, levels: {} }, bot, wanted([op, 50]))).toBeUndefined();
    expect(withPowers({ create, levels: undefined }, creator, wanted([op, 50]))).toBeUndefined();
  });
});

describe('hasCreators', () => {
  it.each([
    ['1', false],
    ['11', false],
    ['12', true],
    ['13', true],
    ['org.matrix.hydra.11', true],
    ['org.matrix.msc3757.11', false],
    ['', false],
  ])('%s: %s', (version, expected) => {
    expect(hasCreators(version)).toBe(expected);
  });
});
