import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { devEvents } from './event-log.ts';
import { JsonLog } from './json-log.ts';
import { MatrixSide } from './matrix-side.ts';
import { RemoteSide } from './remote-side.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'drawbridge-sides-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const lines = (values: readonly object[]) =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

const matrixSide = (events: readonly object[]) => {
  const side = new MatrixSide('http://127.0.0.1:1', devEvents(dir), 'br_');
  side.rooms.set('ch-1', '!room');
  const journal = events.map((event) => ({ kind: 'event', event: { room_id: '!room', ...event } }));
  writeFileSync(join(dir, 'journal.jsonl'), lines([{ kind: 'account' }, ...journal]));
  return side;
};

const says = (event_id: string, sender: string, content: object) => ({
  event_id,
  sender,
  type: 'm.room.message',
  content: { msgtype: 'm.text', ...content },
});
const edits = (target: string, body: string) => ({
  body: `* ${body}`,
  'm.new_content': { body },
  'm.relates_to': { rel_type: 'm.replace', event_id: target },
});
const about = (target: string, body: string) => ({
  msgtype: 'm.notice',
  body,
  'm.relates_to': { 'm.in_reply_to': { event_id: target } },
});

describe('JsonLog', () => {
  it('reads what was added, and leaves a line without an end for later', () => {
    const path = join(dir, 'log');
    const log = new JsonLog<{ n: number }>(path);
    expect(log.read()).toEqual([]);
    writeFileSync(path, '{"n":1}\n{"n":');
    expect(log.read()).toEqual([{ n: 1 }]);
    appendFileSync(path, '2}\n{"n":3}\n');
    expect(log.read()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });
});

describe('MatrixSide', () => {
  it('tells what people said from what the bridge put there', () => {
    const { said, arrived, things } = matrixSide([
      says('$1', '@anna:hs', { body: 'one' }),
      says('$2', '@br_loop_xena:hs', { body: 'two' }),
      says('$3', '@anna:hs', edits('$1', 'three')),
      {
        event_id: '$4',
        sender: '@br_loop_xena:hs',
        type: 'm.reaction',
        content: { 'm.relates_to': { rel_type: 'm.annotation', event_id: '$1', key: 'four' } },
      },
    ]).record();
    expect(said).toEqual([
      { what: 'message', chat: 'ch-1', sender: 'anna', text: 'one' },
      { what: 'edit', chat: 'ch-1', sender: 'anna', text: 'three', of: 'one' },
    ]);
    expect(arrived).toEqual([
      { what: 'message', chat: 'ch-1', sender: '@br_loop_xena:hs', text: 'two' },
      { what: 'reaction', chat: 'ch-1', sender: '@br_loop_xena:hs', text: 'four', of: 'one' },
    ]);
    expect(things.get('ch-1')).toEqual([
      { id: '$1', what: 'message', text: 'one', chat: 'ch-1', speaker: 'anna' },
      { id: '$2', what: 'message', text: 'two', chat: 'ch-1' },
      { id: '$4', what: 'reaction', text: 'four', chat: 'ch-1', on: '$1' },
    ]);
  });

  it('reads what no network can know', () => {
    const poll = { type: 'org.matrix.msc3381.poll.start', content: { body: 'one?' } };
    const { said } = matrixSide([{ event_id: '$1', sender: '@anna:hs', ...poll }]).record();
    expect(said).toEqual([{ what: 'unsupported', chat: 'ch-1', sender: 'anna', text: 'one?' }]);
  });

  it('reads also what stood already in a room that is learnt of later', () => {
    const side = matrixSide([
      { ...says('$1', '@br_loop_xena:hs', { body: 'psst' }), room_id: '!other' },
    ]);
    expect(side.record().arrived).toEqual([]);
    side.learnRoom('direct', '!other');
    expect(side.record().arrived).toMatchObject([{ chat: 'direct', text: 'psst' }]);
  });

  it('reads from the notices what senders were told, and what was taken back', () => {
    const { told } = matrixSide([
      says('$1', '@anna:hs', { body: 'one' }),
      says('$2', '@anna:hs', { body: 'two' }),
      says('$3', '@anna:hs', { body: 'three' }),
      says('$n1', '@br_bot:hs', about('$1', 'It is unknown whether this has reached X')),
      says('$n2', '@br_bot:hs', about('$2', 'Your message has not reached X')),
      says('$n3', '@br_bot:hs', about('$3', 'Your message has not reached X')),
      says('$n4', '@br_bot:hs', {
        ...edits('$n3', 'This has reached X after all.'),
        msgtype: 'm.notice',
      }),
    ]).record();
    expect([...told]).toEqual([
      ['one', 'unknown'],
      ['two', 'failed'],
    ]);
  });

  it('reads that a removal failed, whatever is unknown of what it was about', () => {
    const { told } = matrixSide([
      says('$1', '@anna:hs', { body: 'one' }),
      { event_id: '$2', sender: '@anna:hs', type: 'm.room.redaction', content: { redacts: '$1' } },
      says(
        '$n1',
        '@br_bot:hs',
        about('$2', 'It may still be there: it is unknown whether it came'),
      ),
    ]).record();
    expect([...told]).toEqual([['removal of one', 'failed']]);
  });

  it('reads what was taken back: a message or a reaction', () => {
    const redacts = (target: string) => ({
      type: 'm.room.redaction',
      content: { redacts: target },
    });
    const relation = { rel_type: 'm.annotation', event_id: '$1', key: 'two' };
    const { said, arrived } = matrixSide([
      says('$1', '@anna:hs', { body: 'one' }),
      {
        event_id: '$2',
        sender: '@br_loop_xena:hs',
        type: 'm.reaction',
        content: { 'm.relates_to': relation },
      },
      { event_id: '$3', sender: '@br_loop_xena:hs', ...redacts('$2') },
      { event_id: '$4', sender: '@anna:hs', ...redacts('$1') },
    ]).record();
    const removal = { what: 'removal', chat: 'ch-1' };
    expect(said.at(-1)).toEqual({ ...removal, sender: 'anna', text: 'removal of one', of: 'one' });
    expect(arrived.at(-1)).toMatchObject({ ...removal, text: 'removal of two', of: 'two' });
  });

  it('notices that a sender was told twice, and not that a notice was edited', () => {
    const unknown = 'It is unknown whether this has reached X';
    const { toldTwice } = matrixSide([
      says('$1', '@anna:hs', { body: 'one' }),
      says('$2', '@anna:hs', { body: 'two' }),
      says('$n1', '@br_bot:hs', about('$1', unknown)),
      says('$n2', '@br_bot:hs', about('$2', unknown)),
      says('$n3', '@br_bot:hs', { ...edits('$n1', unknown), msgtype: 'm.notice' }),
      says('$n4', '@br_bot:hs', about('$2', unknown)),
    ]).record();
    expect([...toldTwice]).toEqual(['two']);
  });

  it('knows when the bridge is in every room', () => {
    const member = { type: 'm.room.member', content: { membership: 'join' } };
    expect(matrixSide([{ ...member, sender: '@anna:hs' }]).isBridged()).toBe(false);
    expect(matrixSide([{ ...member, sender: '@br_bot:hs' }]).isBridged()).toBe(true);
  });
});

describe('RemoteSide', () => {
  const remoteSide = (entries: readonly object[]) => {
    const log = entries.map((entry) => ({ chat: 'ch-1', ...entry }));
    writeFileSync(join(dir, 'log.jsonl'), lines(log));
    return new RemoteSide('http://127.0.0.1:1', dir);
  };

  it('tells what people said from what the bridge put there', () => {
    const { said, arrived } = remoteSide([
      { type: 'message', sender: 'xena', id: 'm1', text: 'one' },
      { type: 'message', sender: 'anna', via: 'bridge', id: 'm2', text: 'two' },
      { type: 'edit', sender: 'anna', via: 'bridge', target: 'm2', text: 'three' },
      { type: 'reaction', sender: 'xena', target: 'm2', emoji: 'four', removed: false },
      { type: 'member', sender: 'xena', who: 'xena', is: 'in' },
    ]).record();
    expect(said).toEqual([
      { what: 'message', chat: 'ch-1', sender: 'xena', text: 'one' },
      { what: 'reaction', chat: 'ch-1', sender: 'xena', text: 'four', of: 'two' },
    ]);
    expect(arrived).toEqual([
      { what: 'message', chat: 'ch-1', sender: 'anna', text: 'two' },
      { what: 'edit', chat: 'ch-1', sender: 'anna', text: 'three', of: 'two' },
    ]);
  });

  it('reads the words of what comes late, and that it does', () => {
    const { arrived } = remoteSide(
      ['[12:34 UTC] one', '[2026-11-20 12:34 UTC] * two', '[12:34] three'].map((text, n) => ({
        ...{ type: 'message', sender: 'anna', via: 'bridge', id: `m${n}`, text },
      })),
    ).record();
    expect(arrived.map(({ text, isLate }) => [text, isLate])).toEqual([
      ['one', true],
      ['two', true],
      ['[12:34] three', undefined],
    ]);
  });

  it('reads what was taken back: a message or a reaction', () => {
    const { said, arrived } = remoteSide([
      { type: 'message', sender: 'xena', id: 'm1', text: 'one' },
      {
        type: 'reaction',
        sender: 'anna',
        via: 'bridge',
        target: 'm1',
        emoji: 'two',
        removed: false,
      },
      {
        type: 'reaction',
        sender: 'anna',
        via: 'bridge',
        target: 'm1',
        emoji: 'two',
        removed: true,
      },
      { type: 'removal', sender: 'xena', target: 'm1' },
    ]).record();
    const removal = { what: 'removal', chat: 'ch-1' };
    expect(said.at(-1)).toEqual({ ...removal, sender: 'xena', text: 'removal of one', of: 'one' });
    expect(arrived.at(-1)).toMatchObject({ ...removal, sender: 'anna', of: 'two' });
  });

  it('knows who speaks through a relay, also where only their message says so', () => {
    const relay = { sender: 'bridge', via: 'bridge' };
    const { arrived } = remoteSide([
      { ...relay, type: 'message', id: 'm1', text: 'one', guise: { name: 'Carl' } },
      { ...relay, type: 'message', id: 'm2', text: 'two', guise: { name: 'Cora' } },
      { ...relay, type: 'edit', target: 'm2', text: 'three' },
      {
        ...relay,
        type: 'reaction',
        target: 'm2',
        emoji: '4',
        removed: false,
        guise: { name: 'Carl' },
      },
      { ...relay, type: 'removal', target: 'm1' },
    ]).record();
    expect(arrived.map(({ sender }) => sender)).toEqual(['Carl', 'Cora', 'Cora', 'Carl', 'Carl']);
  });

  it('knows words again that the bridge could only say anew', () => {
    const { arrived } = remoteSide([
      { type: 'message', sender: 'anna', via: 'bridge', id: 'm1', text: '* one' },
      { type: 'message', sender: 'anna', via: 'bridge', id: 'm2', text: 'reacted with two' },
    ]).record();
    expect(arrived.map(({ text }) => text)).toEqual(['one', 'two']);
  });
});
