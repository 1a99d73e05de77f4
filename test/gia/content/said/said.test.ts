import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  BadContent,
  type Container,
  containerOf,
  disposition,
  type Part,
  portable,
  readContainer,
  saidBy,
  writeContainer,
} from '#gia';
import { examples } from '../examples.ts';
import { everything } from './everything.ts';

const NOW_MS = 1_750_000_000_000;
const saying = {
  ...{ salt: new Uint8Array(16).fill(5), sender: 'mimi://a.example/u/ann' },
  room: 'mimi://a.example/r/1',
};
const common = { disposition: disposition.render, language: '' };
const encode = (text: string) => new TextEncoder().encode(text);
const single = (contentType: string, content: string): Part => ({
  ...{ ...common, kind: 'single', contentType },
  content: encode(content),
});
const multi = (semantics: 'chooseOne' | 'singleUnit' | 'processAll', ...parts: Part[]): Part => ({
  ...{ ...common, kind: 'multi', semantics },
  parts,
});
const plain = (text: string) => single('text/plain', text);
const text = (said: string) => ({ kind: 'text', format: 'plain', text: said });

/** What a container with this body says. */
const said = (body: Part, fields: Partial<Container> = {}) =>
  saidBy({ ...containerOf(everything['text']!, saying), body, ...fields });

function refusalOf(step: () => unknown): string {
  try {
    step();
    return 'none';
  } catch (error) {
    if (error instanceof BadContent) return error.code;
    throw error;
  }
}

const example = (name: string) =>
  saidBy(readContainer(examples.find((it) => it.name === name)!.bytes, 1_644_389_403_227));

describe.each(Object.entries(everything))('%s', (name, what) => {
  const golden = new URL(`../golden/${name}.hex`, import.meta.url);

  it('is written as the golden file has it', async () => {
    const bytes = writeContainer(containerOf(what, saying), NOW_MS);

    await expect(Buffer.from(bytes).toString('hex')).toMatchFileSnapshot(golden.pathname);
  });

  it('is read from the golden file as it was said', () => {
    const bytes = Buffer.from(readFileSync(golden, 'utf8'), 'hex');

    expect(saidBy(readContainer(new Uint8Array(bytes), NOW_MS))).toEqual(what);
  });
});

describe('saidBy', () => {
  const original = '017ce54837404c3696e0c747b985cb172716d0ed0a3d249ca63ace7d82a096f4';

  it('understands what the draft publishes', () => {
    expect(example('original')).toMatchObject({ kind: 'message', items: [{ format: 'markdown' }] });
    expect(example('reply')).toMatchObject({ kind: 'message', replyTo: original });
    expect(example('edit')).toMatchObject({ kind: 'edit' });
    expect(example('delete')).toMatchObject({ kind: 'removal', what: 'message' });
    expect(example('unlike')).toMatchObject({ kind: 'removal', what: 'reaction' });
    expect(example('reaction')).toEqual({ kind: 'reaction', to: original, keys: ['❤'] });
    expect(example('expiring')).toMatchObject({ expires: { relative: false } });
    expect(example('attachment')).toMatchObject({ items: [{ kind: 'file', isInline: false }] });
    expect(example('conferencing')).toMatchObject({ items: [{ kind: 'link' }] });
    // Reactions, and to nothing.
    expect(example('multipart-2')).toMatchObject({ kind: 'message' });
  });

  it('reads the published report', () => {
    const url = new URL('../vectors/message-status/status.cbor', import.meta.url);
    const report = { ...common, kind: 'single', contentType: 'application/mimi-message-status' };
    const content = new Uint8Array(readFileSync(url));

    expect(said({ ...report, content } as Part)).toMatchObject({
      statuses: [
        { status: 'read' },
        { status: 'read' },
        { status: 'unread' },
        { status: 'expired' },
      ],
    });
    expect(refusalOf(() => said({ ...report, content: content.slice(0, -1) } as Part))).toBe(
      'not_cbor',
    );
  });

  it('takes the alternative that it understands, and says of what it understands nothing of that it is there', () => {
    const unknown = single('application/x-poll', '?');

    expect(said(multi('chooseOne', unknown, plain('a')))).toMatchObject({ items: [text('a')] });
    expect(said(unknown)).toMatchObject({ items: [{ kind: 'unknown' }] });
    expect(said(multi('processAll', plain('a'), unknown))).toMatchObject({
      items: [text('a'), { kind: 'unknown' }],
    });
    expect(said(multi('singleUnit', plain('a'), unknown))).toMatchObject({
      items: [{ kind: 'unknown', contentType: 'application/x-poll' }],
    });
  });

  it('renders a part whose disposition nobody knows', () => {
    expect(said({ ...plain('a'), disposition: 200 })).toMatchObject({ items: [text('a')] });
  });

  it('shows a reaction as a message where it is to nothing, or no text', () => {
    const reaction = { ...plain('❤'), disposition: disposition.reaction };
    const sound = { ...single('audio/ogg', ''), disposition: disposition.reaction };

    expect(said(reaction)).toMatchObject({ kind: 'message' });
    expect(said(sound, { inReplyTo: original })).toMatchObject({
      kind: 'message',
      replyTo: original,
    });
  });

  it('refuses what says nothing', () => {
    expect(refusalOf(() => said({ ...common, kind: 'null' }))).toBe('says_nothing');
    expect(refusalOf(() => containerOf({ kind: 'message', items: [] }, saying))).toBe(
      'says_nothing',
    );
  });

  it('refuses a file whose key cannot be one', () => {
    const part = containerOf(everything['file']!, saying).body;

    expect(refusalOf(() => said({ ...part, key: new Uint8Array(15) } as Part))).toBe('bad_file');
    expect(refusalOf(() => said({ ...part, nonce: new Uint8Array(8) } as Part))).toBe('bad_file');
    expect(refusalOf(() => said({ ...part, hash: new Uint8Array(8) } as Part))).toBe('bad_file');
    expect(said({ ...part, aead: 77 } as Part)).toMatchObject({ items: [{ kind: 'unknown' }] });
    expect(said({ ...part, url: 'file:///etc/passwd' } as Part)).toMatchObject({
      items: [{ kind: 'unknown' }],
    });
  });
});

describe('the Matrix alternative', () => {
  const event = (type: string, content: object) =>
    multi(
      'chooseOne',
      single('application/vnd.matrix.event+json', JSON.stringify({ type, content })),
      plain('a'),
    );
  const honest = { msgtype: 'm.text', body: 'a' };

  it('is taken where it does what the container says', () => {
    expect(said(event('m.room.message', honest))).toMatchObject({
      ...{ items: [text('a')] },
      matrix: { type: 'm.room.message', content: honest },
    });
  });

  it.each([
    ['takes something back', event('m.room.redaction', { redacts: '$1' })],
    [
      'reacts',
      event('m.reaction', { 'm.relates_to': { rel_type: 'm.annotation', event_id: '$1' } }),
    ],
    [
      'answers another message',
      event('m.room.message', { ...honest, 'm.relates_to': { 'm.in_reply_to': {} } }),
    ],
    ['edits', event('m.room.message', { ...honest, 'm.new_content': honest })],
    ['is a file', event('m.room.message', { msgtype: 'm.image', body: 'a' })],
    ['is a sticker', event('m.sticker', { body: 'a' })],
    ['points at a file', event('m.room.message', { ...honest, url: 'mxc://evil/1' })],
    ['is a state', event('m.room.member', { membership: 'ban' })],
    ['has no content', event('m.room.message', [])],
    [
      'is not JSON',
      multi('chooseOne', single('application/vnd.matrix.event+json', '{'), plain('a')),
    ],
  ])('is passed over where it %s, and the text is heard', (_what, body) => {
    expect(said(body)).toEqual({ kind: 'message', items: [text('a')] });
  });

  it('never says whom a message answers or edits', () => {
    const body = event('m.room.message', honest);
    const target = `01${'a'.repeat(62)}`;

    expect(said(body, { inReplyTo: target })).toMatchObject({ kind: 'message', replyTo: target });
    expect(said(body, { replaces: target })).toMatchObject({ kind: 'edit', of: target });
  });

  it('is not written where it says something else than what is beside it', () => {
    const items = [{ kind: 'text', format: 'plain', text: 'a' }] as const;
    const matrix = { type: 'm.sticker', content: { body: 'a' } };

    expect(refusalOf(() => containerOf({ kind: 'message', items, matrix }, saying))).toBe(
      'parts_disagree',
    );
  });

  it('leaves out what means something on one homeserver only', () => {
    const content = {
      ...{ msgtype: 'm.image', body: 'a', url: 'mxc://a/1', file: {}, 'm.relates_to': {} },
      info: { w: 1, thumbnail_url: 'mxc://a/2', thumbnail_file: {} },
    };

    expect(portable({ type: 'm.room.message', content }).content).toEqual({
      ...{ msgtype: 'm.image', body: 'a' },
      info: { w: 1 },
    });
  });
});
