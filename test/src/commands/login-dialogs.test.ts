import { describe, expect, it, vi } from 'vitest';
import { BridgeError } from '../../../src/adapter/errors.ts';
import type { LoginFlow, LoginStep } from '../../../src/adapter/login.ts';
import type { Answer } from '../../../src/commands/answer.ts';
import { LoginDialogs } from '../../../src/commands/login-dialogs.ts';
import { LoginWalk } from '../../../src/engine/login-walk.ts';
import type { NetworkOptions } from '../../../src/engine/options.ts';
import { remoteUserId } from '../../../src/model/remote-ids.ts';
import type { MatrixEvent } from '../../../src/ports/matrix.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

const network = { id: 'net', displayName: 'Net', command: '!net' } as NetworkOptions;
const done: LoginStep = { kind: 'done', self: remoteUserId('anna'), save: [] };

/** Ann's dialog with a bot on a flow whose first step is given. */
async function dialogOn(first: LoginStep) {
  const clock = fakeClock(0);
  const finished: string[] = [];
  const erased: string[] = [];
  const later: Answer[] = [];
  const flow: LoginFlow = { id: 'f', name: 'F', start: async () => first };
  const dialogs = new LoginDialogs({
    now: () => clock.now(),
    erase: async ({ body }) => erased.push(body.text) > 0,
    sayLater: async (_, answer) => void later.push(answer),
    logins: {
      async begin() {
        const walk = new LoginWalk(clock, async ({ self }) => void finished.push(self));
        await walk.go((signal) => flow.start(undefined as never, signal));
        return walk;
      },
    },
  });
  const says = (text: string): MatrixEvent<'message'> => ({
    kind: 'message',
    id: '$e',
    roomId: '!r',
    sender: '@ann:b',
    sentAtMs: 0,
    body: { text },
  });
  const opening = await dialogs.begin(says('!net login'), network, flow);
  const say = (text: string) => dialogs.answer(says(text));
  return { opening, say, cancel: () => dialogs.cancel(says('')), clock, finished, erased, later };
}

describe('LoginDialogs', () => {
  it('asks one field after the other, and erases only secrets', async () => {
    const taken: Readonly<Record<string, string>>[] = [];
    const { opening, say, erased, finished } = await dialogOn({
      kind: 'ask',
      fields: [
        { id: 'name', name: 'Name', type: 'text' },
        { id: 'password', name: 'Password', type: 'secret' },
      ],
      async submit(values) {
        taken.push({ ...values });
        return done;
      },
    });
    expect(opening).toBe('Name? Say it as your next message, or “!net cancel”.');
    expect(await say(' anna ')).toMatch(/^Password\? .* It is deleted here once I have read it\.$/);
    expect(await say('s3cret')).toBe('You are logged in to Net as anna.');
    expect(taken).toEqual([{ name: 'anna', password: 's3cret' }]);
    expect(erased).toEqual(['s3cret']);
    expect(finished).toEqual(['anna']);
    expect(await say('more')).toBeUndefined();
  });

  it('does not take an answer to one step for an answer to the next', async () => {
    const code: LoginStep = {
      kind: 'ask',
      fields: [{ id: 'same', name: 'Code', type: 'code' }],
      submit: async () => done,
    };
    const { say } = await dialogOn({ ...code, submit: async () => code });
    expect(await say('one')).toMatch(/^Code\?/);
    expect(await say('two')).toMatch(/^You are logged in/);
  });

  it('shows a link, and says later what came of it', async () => {
    let use = (_: LoginStep) => {};
    const used = new Promise<LoginStep>((resolve) => (use = resolve));
    const link = 'https://net.example/x';
    const { opening, later } = await dialogOn({
      kind: 'show',
      as: 'link',
      data: link,
      wait: () => used,
    });
    expect(opening).toBe(`Open this link to log in to Net: ${link}`);
    expect(later).toEqual([]);
    use(done);
    await vi.waitFor(() => expect(later).toEqual(['You are logged in to Net as anna.']));
  });

  it('draws a code to be scanned, in a form that keeps its columns', async () => {
    const never = new Promise<LoginStep>(() => {});
    const { opening } = await dialogOn({ kind: 'show', as: 'qr', data: 'x', wait: () => never });
    expect(opening).toMatchObject({
      html: expect.stringMatching(/^Scan this .*<pre><code>[█▀▄ \n]+<\/code><\/pre>$/),
    });
  });

  it('says nothing of a shown code once the login was given up', async () => {
    let end = (_: Error) => {};
    const ended = new Promise<LoginStep>((_, reject) => (end = reject));
    const { cancel, later } = await dialogOn({
      kind: 'show',
      as: 'code',
      data: '1234',
      wait: () => ended,
    });
    expect(cancel()).toBe(true);
    end(new Error('aborted'));
    await new Promise(setImmediate);
    expect(later).toEqual([]);
    expect(cancel()).toBe(false);
  });

  it.each([
    ['not_allowed', 'Net did not accept this.'],
    ['unreachable', 'This could not be done: the network cannot be reached. Try again later.'],
  ] as const)('is over after %s, and says so', async (code, words) => {
    const { say, finished } = await dialogOn({
      kind: 'ask',
      fields: [{ id: 'token', name: 'Token', type: 'text' }],
      submit: () => Promise.reject(new BridgeError(code, 'internal words', { effect: 'none' })),
    });
    const answer = await say('x');
    expect(answer).toContain(words);
    expect(answer).toContain('Say “!net login” to begin again.');
    expect(answer).not.toContain('internal words');
    expect(finished).toEqual([]);
    expect(await say('x')).toBeUndefined();
  });

  it('waits ten minutes for an answer and no longer', async () => {
    const ask: LoginStep = {
      kind: 'ask',
      fields: [{ id: 'token', name: 'Token', type: 'text' }],
      submit: async () => done,
    };
    const patient = await dialogOn(ask);
    await patient.clock.advance(10 * 60_000);
    expect(await patient.say('x')).toMatch(/^You are logged in/);
    const impatient = await dialogOn(ask);
    await impatient.clock.advance(10 * 60_000 + 1);
    expect(await impatient.say('x')).toBeUndefined();
  });
});
