import { describe, expect, it } from 'vitest';
import {
  hasCreators,
  maySetState,
  withPowers,
  withSpeech,
} from '../../../../src/matrix/client/power.ts';
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

describe('withPowers of a chat where few may speak', () => {
  const bot = '@bot:example.org';
  const [op, ann, ben] = ['@net_op:example.org', '@ann:example.org', '@ben:example.org'];
  const create = inVersion('11');
  const wanted = (...speakers: readonly string[]) => ({
    powers: new Map([[op, 50]]),
    of: (userId: string) => userId.startsWith('@net_'),
    speech: {
      power: 1,
      speakers: new Set(speakers) as never,
      isPerson: (userId: string) => !userId.startsWith('@net_') && userId !== bot,
    },
  });
  const all = { ...wanted(), speech: { power: 1, isPerson: wanted().speech.isPerson } };
  const facts = (levels: object) => ({ create, levels: { ...levels } });

  it('takes power to speak, and gives it to those people who may', () => {
    const levels = { users: { [bot]: 100, [ben]: 60 } };
    expect(withPowers(facts(levels), bot, wanted(ann, ben))).toEqual({
      users: { [bot]: 100, [ben]: 60, [op]: 50, [ann]: 1 },
      events_default: 1,
    });
  });

  it('is as before once everybody may, with nobody left who could speak then', () => {
    const levels = { users: { [bot]: 100, [op]: 50, [ann]: 1, [ben]: 60 }, events_default: 1 };
    expect(withPowers(facts(levels), bot, all)).toEqual({
      users: { [bot]: 100, [op]: 50, [ben]: 60 },
      events_default: 0,
    });
  });

  it('leaves what somebody has decided by hand', () => {
    const users = { [bot]: 100, [op]: 50 };
    expect(withPowers(facts({ users, events_default: 25 }), bot, wanted())).toBeUndefined();
    expect(withPowers(facts({ users, events_default: 25 }), bot, all)).toBeUndefined();
  });
});

describe('withSpeech', () => {
  const [bot, ghost] = ['@bot:example.org', '@net_x:example.org'];
  const create = inVersion('11');

  it('gives as much as it takes to speak', () => {
    const levels = { users: { [bot]: 100 }, events_default: 5 };
    expect(withSpeech({ create, levels }, bot, ghost)).toEqual({
      users: { [bot]: 100, [ghost]: 5 },
      events_default: 5,
    });
  });

  it('is nothing for who may already, and where the bot has no more itself', () => {
    const may = { users: { [bot]: 100, [ghost]: 5 }, events_default: 5 };
    expect(withSpeech({ create, levels: may }, bot, ghost)).toBeUndefined();
    const equal = { users: { [bot]: 5 }, events_default: 5 };
    expect(withSpeech({ create, levels: equal }, bot, ghost)).toBeUndefined();
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
