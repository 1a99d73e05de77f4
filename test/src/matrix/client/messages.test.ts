import { describe, expect, it } from 'vitest';
import type { RoomEvent, SendRequest } from '../../../../src/ports/matrix.ts';
import { byPath, written } from './rooms-on-script.ts';
import { BOT, GHOST, scripted } from './scripted-homeserver.ts';

const roomId = '!room:example.org';

const request = (content: SendRequest['content']): SendRequest => ({
  roomId,
  as: GHOST,
  content,
  txnId: 'txn-1',
  mark: { marker: 'm1', portal: 3 },
});

const accepted = byPath({ 'PUT /txn-1': [200, { event_id: '$new' }] });

describe('send', () => {
  it('sends what was composed, with its mark, under its transaction id', async () => {
    const { client, asked } = await scripted(accepted);
    const sent = await client.send(request({ kind: 'message', body: { text: 'hi' } }));

    expect(sent).toBe('$new');
    expect(written(asked)).toEqual([
      [
        'PUT /send/m.room.message/txn-1',
        {
          msgtype: 'm.text',
          body: 'hi',
          'm.mentions': {},
          'dev.drawbridge.mark': { id: 'm1', portal: 3 },
        },
      ],
    ]);
  });

  it.each([
    [1_700_000_000_000.7, '1700000000000'],
    [-5, '0'],
    [Number.MAX_VALUE, String(Number.MAX_SAFE_INTEGER)],
    [Number.NaN, undefined],
  ])('tells the time %d as %s', async (sentAtMs, ts) => {
    const { client, asked } = await scripted(accepted);
    await client.send({ ...request({ kind: 'notice', text: 'x' }), sentAtMs });
    expect(asked[0]?.query.ts).toBe(ts);
  });

  it('makes every text well-formed', async () => {
    const { client, asked } = await scripted(accepted);
    await client.send(request({ kind: 'message', body: { text: 'a\0b\ud83d', html: '\udc00' } }));
    expect(asked[0]?.json).toMatchObject({ body: 'ab\ufffd', formatted_body: '\ufffd' });
  });

  it('sends nothing that is too large', async () => {
    const { client, asked } = await scripted(accepted);
    const large = 'ü'.repeat(20_000);
    await client.send(request({ kind: 'message', body: { text: large } }));
    expect(asked).toHaveLength(1);

    // An edit carries its text twice.
    const edit = client.send(request({ kind: 'edit', target: '$1', body: { text: large } }));
    await expect(edit).rejects.toMatchObject({ kind: 'refused', errcode: 'M_TOO_LARGE' });
    expect(asked).toHaveLength(1);
  });

  describe('of a reaction that is there already', () => {
    const reaction = request({ kind: 'reaction', target: '$target', emoji: '👍' });
    const duplicate = [400, { errcode: 'M_DUPLICATE_ANNOTATION' }] as const;
    const existing = (sender: string, key: string, event_id: string) => ({
      event_id,
      sender,
      content: { 'm.relates_to': { rel_type: 'm.annotation', event_id: '$target', key } },
    });

    it('gives the one that is there, however far back', async () => {
      const { client, asked } = await scripted(
        byPath({
          'PUT /txn-1': duplicate,
          'GET /relations/$target/m.annotation/m.reaction': [
            [
              200,
              {
                chunk: [existing(BOT, '👍', '$bot'), existing(GHOST, '👎', '$other')],
                next_batch: 'p2',
              },
            ],
            [200, { chunk: [existing(GHOST, '👍', '$own')] }],
          ],
        }),
      );
      expect(await client.send(reaction)).toBe('$own');
      expect(asked.at(-1)?.query).toMatchObject({ from: 'p2', user_id: GHOST });
    });

    it('is refused when it cannot be found', async () => {
      const { client } = await scripted(
        byPath({
          'PUT /txn-1': duplicate,
          'GET /relations/$target/m.annotation/m.reaction': [200, { chunk: [] }],
        }),
      );
      await expect(client.send(reaction)).rejects.toMatchObject({ kind: 'refused' });
    });
  });
});

describe('redact', () => {
  const mark = { marker: 'm1', portal: 3 };
  const redaction = { roomId, as: GHOST, txnId: 'txn-1', target: '$target', mark } as const;

  it('redacts, with the reason and its mark', async () => {
    const { client, asked } = await scripted(
      byPath({
        'GET /event/$target': [200, { event_id: '$target', content: { body: 'x' } }],
        'PUT /txn-1': [200, { event_id: '$r' }],
      }),
    );
    await client.redact({ ...redaction, reason: 'spam' });
    const content = { reason: 'spam', 'dev.drawbridge.mark': { id: 'm1', portal: 3 } };
    expect(written(asked)).toEqual([['PUT /redact/$target/txn-1', content]]);
  });

  it('makes no second event of what is redacted already', async () => {
    const { client, asked } = await scripted(
      byPath({
        'GET /event/$target': [200, { content: {}, unsigned: { redacted_because: { type: 'x' } } }],
        'PUT /txn-1': [200, { event_id: '$r' }],
      }),
    );
    await client.redact(redaction);
    expect(written(asked)).toEqual([]);
  });

  it('lets the homeserver decide about what cannot be seen', async () => {
    const { client, asked } = await scripted(
      byPath({
        'GET /event/$target': [403, { errcode: 'M_FORBIDDEN' }],
        'PUT /txn-1': [403, { errcode: 'M_FORBIDDEN' }],
      }),
    );
    await expect(client.redact(redaction)).rejects.toMatchObject({ kind: 'refused' });
    expect(written(asked)).toHaveLength(1);
  });

  it('is ambiguous without an answer, and settled by looking the next time', async () => {
    const { client, asked } = await scripted(
      byPath({
        'GET /event/$target': [
          [200, { content: { body: 'x' } }],
          [200, { content: {}, unsigned: { redacted_because: {} } }],
        ],
        'PUT /txn-1': 'cut',
      }),
    );
    await expect(client.redact(redaction)).rejects.toMatchObject({ kind: 'ambiguous' });
    await client.redact(redaction);
    expect(written(asked)).toHaveLength(1);
  });
});

describe('transactionId', () => {
  const asked = async (answer: Parameters<typeof byPath>[0][string]) => {
    const { client, asked: requests } = await scripted(byPath({ 'GET /event/$sent': answer }));
    const txnId = await client.transactionId(roomId, '$sent', GHOST);
    expect(requests.map(({ query }) => query.user_id)).toEqual([GHOST]);
    return txnId;
  };

  it('is read as the one who sent the event', async () => {
    const unsigned = { transaction_id: 'txn-1', redacted_because: {} };
    expect(await asked([200, { event_id: '$sent', content: {}, unsigned }])).toBe('txn-1');
  });

  it('is nothing where the homeserver does not say', async () => {
    expect(await asked([200, { event_id: '$sent', unsigned: {} }])).toBeUndefined();
    expect(await asked([403, { errcode: 'M_FORBIDDEN' }])).toBeUndefined();
    expect(await asked([404, { errcode: 'M_NOT_FOUND' }])).toBeUndefined();
    expect(await asked([400, { errcode: 'M_UNKNOWN_DEVICE' }])).toBeUndefined();
  });

  it('cannot be told where the homeserver does not know us', async () => {
    const { client } = await scripted(
      byPath({ 'GET /event/$sent': [401, { errcode: 'M_UNKNOWN_TOKEN' }] }),
    );
    const reading = client.transactionId(roomId, '$sent', GHOST);
    await expect(reading).rejects.toMatchObject({ kind: 'token' });
  });
});

describe('backwards', () => {
  const event = (id: string) => ({
    event_id: id,
    room_id: roomId,
    sender: GHOST,
    type: 'm.room.message',
    content: { msgtype: 'm.text', body: id, 'dev.drawbridge.mark': { id: `mark of ${id}` } },
  });

  const read = async (events: AsyncIterable<RoomEvent>) => {
    const all: (string | undefined)[] = [];
    for await (const { event: each } of events) all.push(each.mark?.marker);
    return all;
  };

  it('reads page after page to the beginning, also past an empty one', async () => {
    const { client, asked } = await scripted(
      byPath({
        'GET /messages': [
          [200, { chunk: [event('$3'), { no: 'event' }, event('$2')], end: 'a' }],
          [200, { chunk: [], end: 'b' }],
          [200, { chunk: [event('$1')] }],
        ],
      }),
    );
    expect(await read(client.backwards(roomId, GHOST))).toEqual([
      'mark of $3',
      'mark of $2',
      'mark of $1',
    ]);
    expect(asked.map(({ query }) => query)).toMatchObject([
      { dir: 'b', limit: '100', user_id: GHOST },
      { dir: 'b', limit: '500', from: 'a' },
      { dir: 'b', limit: '500', from: 'b' },
    ]);
  });

  it('ends where the homeserver goes round in a circle', async () => {
    const { client } = await scripted(
      byPath({ 'GET /messages': [200, { chunk: [event('$1')], end: 'a' }] }),
    );
    expect(await read(client.backwards(roomId, GHOST))).toHaveLength(2);
  });

  it('asks for no more than is read', async () => {
    const { client, asked } = await scripted(
      byPath({ 'GET /messages': [200, { chunk: [event('$2'), event('$1')], end: 'a' }] }),
    );
    for await (const each of client.backwards(roomId, GHOST)) {
      expect(each.event.id).toBe('$2');
      expect(each.whole).toEqual(event('$2'));
      break;
    }
    expect(asked).toHaveLength(1);
  });
});
