import { describe, expect, it } from 'vitest';
import { policyRule } from '../../../../src/matrix/events/read-policy.ts';
import { read } from './reading.ts';

const content = { entity: '@spam*:hs.test', recommendation: 'm.ban', reason: 'spam' };

describe('policyRule', () => {
  it.each(['m.policy.rule', 'm.room.rule', 'org.matrix.mjolnir.rule'])('reads %s', (type) => {
    const of = (what: string) => policyRule({ type: `${type}.${what}`, state_key: 'r', content });
    expect(of('user')).toEqual({ about: 'user', mask: '@spam*:hs.test' });
    expect(of('server')).toEqual({ about: 'server', mask: '@spam*:hs.test' });
    expect(of('room')).toBeUndefined();
    expect(read(`${type}.user`, content, { state_key: 'r' })).toMatchObject({ kind: 'policy' });
  });

  it.each([
    [{ ...content, recommendation: 'org.matrix.mjolnir.ban' }, true],
    [{ ...content, recommendation: 'm.mute' }, false],
    [{ entity: '@a:b' }, false],
    [{ recommendation: 'm.ban' }, false],
    [{ ...content, entity: '' }, false],
    [{ ...content, entity: 7 }, false],
    [{}, false],
  ])('takes %j for a ban: %s', (given, is) => {
    const rule = policyRule({ type: 'm.policy.rule.user', state_key: 'r', content: given });
    expect(rule !== undefined).toBe(is);
  });

  it('is no rule where it was sent as a message', () => {
    expect(read('m.policy.rule.user', content)).toMatchObject({ kind: 'ignored' });
  });
});
