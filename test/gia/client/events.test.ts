import { describe, expect, it, onTestFinished } from 'vitest';
import { type ApiFailure, anonymous, connect, cursorOf, follow } from '#gia';
import { framesIn } from '../../../gia/client/frames.ts';
import { cut, events, json, problem, scripted } from './scripted-gatekeeper.ts';

const envelope = (at: number, type: string, data: object) => ({
  ...{ event_id: `ev_${String(at).padStart(16, '0')}`, cursor: `c${at}`, type, data },
});
const notice = (at: number) =>
  `id: c${at}\nevent: provider.notice\ndata: ${JSON.stringify(envelope(at, 'provider.notice', { text: `${at}` }))}\n\n`;

async function followed(
  origin: string,
  count: number,
  { cursor, standing }: { cursor?: string; standing?: (failure?: ApiFailure) => void } = {},
) {
  const connection = connect({ origin, timeoutMs: 500 }, anonymous);
  onTestFinished(() => connection.close());
  const stop = new AbortController();
  const given = { ...(cursor && { cursor }), ...(standing && { standing }) };
  const options = { signal: stop.signal, pauseMs: () => 0, ...given };
  const cursors: (string | undefined)[] = [];
  for await (const happening of follow(connection, options)) {
    cursors.push(cursorOf(happening));
    if (cursors.length === count) break;
  }
  return cursors;
}

describe('follow', () => {
  it('goes on after the last event, over as many connections as it takes', async () => {
    const { origin, received } = await scripted(
      events(notice(1), ': heartbeat\n\n', notice(2)),
      cut,
      events(notice(3)),
      problem(503, 'unavailable', { retryable: true }),
      events(notice(4)),
    );

    expect(await followed(origin, 4, { cursor: 'c0' })).toEqual(['c1', 'c2', 'c3', 'c4']);
    expect(received.map(({ path }) => path.split('cursor=')[1])).toEqual([
      'c0',
      'c2',
      'c2',
      'c3',
      'c3',
    ]);
  });

  it('says how it stands', async () => {
    const { origin } = await scripted(
      events(notice(1)),
      problem(503, 'unavailable', { retryable: true }),
      events(notice(2)),
    );
    const heard: (string | undefined)[] = [];

    await followed(origin, 2, { standing: (failure) => heard.push(failure?.code) });

    expect(heard).toEqual([undefined, 'no_answer', 'unavailable', undefined]);
  });

  it('gives on what it does not know', async () => {
    const text = `data: ${JSON.stringify(envelope(1, 'galaxy.exploded', { x: 1 }))}\n\n`;
    const { origin } = await scripted(events(text));

    expect(await followed(origin, 1)).toEqual(['c1']);
  });

  it.each([
    ['the cursor is gone', problem(410, 'cursor_gone', { oldest: 'c9' }), 'cursor_gone'],
    ['an event is not as documented', events(notice(1).replace('"text"', '"words"')), 'bad_answer'],
    ['an event is not JSON', events('data: {\n\n'), 'bad_answer'],
    ['an event does not end', events(`data: ${'x'.repeat(600_000)}`), 'bad_answer'],
    ['it may not', json(403, {}), 'bad_answer'],
  ])('ends where %s', async (_what, answer, code) => {
    const { origin } = await scripted(answer);

    await expect(followed(origin, 1)).rejects.toMatchObject({ code });
  });

  it('ends when its caller says so', async () => {
    const { origin } = await scripted((response) => void response.writeHead(200).write(notice(1)));
    const connection = connect({ origin }, anonymous);
    onTestFinished(() => connection.close());
    const stop = new AbortController();
    const all = follow(connection, { signal: stop.signal });
    await all.next();
    const next = all.next();
    stop.abort(new Error('enough'));

    await expect(next).rejects.toThrow('enough');
  });
});

describe('framesIn', () => {
  async function frames(...pieces: readonly string[]) {
    const all = [];
    async function* bytes() {
      for (const piece of pieces) yield Buffer.from(piece, 'latin1');
    }
    for await (const frame of framesIn(bytes())) all.push(frame);
    return all;
  }

  it('reads frames wherever the network cuts them', async () => {
    const text = Buffer.from(
      'id: 7\nevent: x\ndata: Grüße\n\n: beat\n\ndata: a\ndata: b\n\n',
    ).toString('latin1');

    for (const size of [1, 2, 3, 7, 100]) {
      const pieces = text.match(new RegExp(`.{1,${size}}`, 'gs'))!;
      expect(await frames(...pieces)).toEqual([
        { event: 'x', id: '7', data: 'Grüße' },
        { event: 'message', data: 'a\nb' },
      ]);
    }
  });

  it('leaves out what did not end', async () => {
    expect(await frames('data: a\n\ndata: b')).toEqual([{ event: 'message', data: 'a' }]);
  });
});
