import { describe, expect, it } from 'vitest';
import { auditedAll } from '../../../src/operator/audit.ts';
import type { Answers } from '../../../src/operator/door.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

function kept(answers: Answers) {
  const clock = fakeClock(0);
  const lines: unknown[] = [];
  const all = auditedAll(answers, (...line) => void lines.push(line), clock);
  const ask = async (what: string, asked: unknown) => all[what]?.(asked);
  return { clock, lines, ask };
}

const line = (fields: object) => [
  'info',
  "An operator's command",
  { by: 'the machine', what: 'kill', ...fields },
];

describe('auditedAll', () => {
  it('keeps who asked for what, and what came of it', async () => {
    const { lines, ask } = kept({ kill: async (asked) => [asked] });
    const asked = { user: '@ann:x', reason: 'so' };
    expect(await ask('kill', asked)).toEqual([asked]);
    expect(lines).toEqual([line({ arguments: asked, outcome: 'ok' })]);
  });

  it('keeps why it failed, without the words of a network', async () => {
    const errors = [new Error('no such'), Object.assign(new Error('words'), { code: 'too_large' })];
    const { lines, ask } = kept({ kill: () => Promise.reject(errors.shift()) });
    await expect(ask('kill', { reason: 'so' })).rejects.toThrow('no such');
    await expect(ask('kill', {})).rejects.toThrow('words');
    expect(lines).toEqual([
      line({ arguments: { reason: 'so' }, outcome: 'failed', reason: 'no such' }),
      line({ arguments: {}, outcome: 'failed', reason: 'too_large' }),
    ]);
  });

  it('keeps nothing that may be a secret', async () => {
    const { lines, ask } = kept({ kill: async () => {} });
    await ask('kill', { user: { password: 'pw' }, password: 'pw' });
    expect(JSON.stringify(lines)).not.toContain('pw');
  });

  it('keeps once a minute that the state was looked at, as programs do again and again', async () => {
    const { clock, lines, ask } = kept({ state: async () => ({}) });
    for (let n = 0; n < 3; n++) await ask('state', {});
    expect(lines).toHaveLength(1);
    await clock.advance(60_000);
    await ask('state', {});
    expect(lines).toHaveLength(2);
  });
});
