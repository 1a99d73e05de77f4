import { describe, expect, it } from 'vitest';
import { endpoints } from '../../../../src/matrix/client/endpoint.ts';
import { gate } from '../../../../src/matrix/client/gate.ts';
import { MatrixError } from '../../../../src/ports/matrix.ts';
import { fakeClock } from '../../../../src/testing/fake-clock.ts';

function setUp() {
  const clock = fakeClock();
  const logged: string[] = [];
  const door = gate({ clock, log: (...entry) => void logged.push(JSON.stringify(entry)) });
  const sent: string[] = [];
  /** What a request comes to that would be answered so. */
  const ask = (answer: 'done' | MatrixError, endpoint = endpoints.whoami) =>
    door
      .through(endpoint, async () => {
        sent.push(endpoint.path);
        if (answer !== 'done') throw answer;
        return answer;
      })
      .catch((error: MatrixError) => error.kind);
  return { ask, clock, sent, logged };
}

const refusal = (kind: MatrixError['kind'], status: number) =>
  new MatrixError(kind, 'no', { endpoint: 'GET /', status });
const UNKNOWN = refusal('token', 401);

describe('gate', () => {
  it('sends nothing for a while after the token was not known, then tries once more', async () => {
    const { ask, clock, sent } = setUp();
    expect(await ask(UNKNOWN)).toBe('token');
    for (let n = 0; n < 100; n++) expect(await ask('done')).toBe('token');
    expect(sent).toHaveLength(1);
    await clock.advance(10_000);
    expect(await ask(UNKNOWN)).toBe('token');
    expect(await ask('done')).toBe('token');
    expect(sent).toHaveLength(2);
    await clock.advance(10_000);
    expect(await ask('done')).toBe('done');
    expect(await ask('done')).toBe('done');
  });

  it('says so once, and once when the token is known again', async () => {
    const { ask, clock, logged } = setUp();
    for (let n = 0; n < 3; n++) {
      await ask(UNKNOWN);
      await clock.advance(10_000);
    }
    expect(logged).toEqual([expect.stringMatching(/^\["error".*Compare as_token/)]);
    await ask('done');
    await ask('done');
    expect(logged.slice(1)).toEqual([expect.stringMatching(/^\["info".*again/)]);
  });

  it('takes a refusal of something else for a sign that the token is known', async () => {
    const { ask, clock, logged } = setUp();
    await ask(UNKNOWN);
    await clock.advance(10_000);
    expect(await ask(refusal('refused', 403))).toBe('refused');
    expect(logged).toHaveLength(2);
  });

  it.each([
    ['a server that fails', refusal('ambiguous', 502)],
    ['a server that is busy', refusal('away', 429)],
  ])('takes nothing of %s for a sign', async (_, error) => {
    const { ask, clock, logged } = setUp();
    await ask(error);
    expect(logged).toEqual([]);
    await ask(UNKNOWN);
    await clock.advance(10_000);
    await ask(error);
    expect(logged).toHaveLength(1);
  });

  it('is open for what needs no token, which says nothing about it', async () => {
    const { ask, sent, logged } = setUp();
    await ask(UNKNOWN);
    expect(await ask('done', endpoints.versions as never)).toBe('done');
    expect([sent.length, logged.length]).toEqual([2, 1]);
  });
});
