import { describe, expect, it } from 'vitest';
import { compose } from '../../../../src/matrix/events/compose.ts';
import { parse } from '../../../../src/matrix/events/parse.ts';
import { mediaRef } from '../../../../src/model/remote-ids.ts';
import type { MatrixContent } from '../../../../src/ports/matrix.ts';

const mark = { marker: 'm1', portal: 3 };
const written = { 'dev.drawbridge.mark': { id: 'm1', portal: 3 } };
const said = { msgtype: 'm.text', body: 'hi', 'm.mentions': {} };

describe('the mentions of a message', () => {
  const named = {
    body: { text: 'bob!' },
    mentions: [{ start: 0, end: 3, userId: '@bob:hs.test' }],
  } as const;
  const user_ids = ['@bob:hs.test'];

  it('are told, each once, and shown', () => {
    const { content } = compose({ kind: 'message', ...named }, { marker: 'm' });
    expect(content['m.mentions']).toEqual({ user_ids });
    expect(content['formatted_body']).toContain('https://matrix.to/#/@bob:hs.test');
  });

  it('are in an edit those of the new text, and call nobody again', () => {
    const { content } = compose({ kind: 'edit', target: '$a', ...named }, { marker: 'm' });
    expect(content['m.mentions']).toEqual({});
    expect(content['m.new_content']).toMatchObject({ 'm.mentions': { user_ids } });
  });
});

describe('a file', () => {
  const media = { ref: mediaRef('x'), as: 'video', mimeType: 'video/mp4', sizeBytes: 7 } as const;
  const file = { url: 'mxc://hs.test/a', media: { ...media, name: 'cat.mp4' } };
  const sent = {
    ...{ msgtype: 'm.video', url: 'mxc://hs.test/a', filename: 'cat.mp4' },
    info: { mimetype: 'video/mp4', size: 7 },
  };

  it('has its caption as the body, or else its name', () => {
    const with_ = (text: string, as?: 'notice') =>
      compose({ kind: 'message', body: { text, ...(as && { as }) }, file }, mark).content;
    expect(with_('look', 'notice')).toMatchObject({ ...sent, body: 'look' });
    expect(with_('')).toMatchObject({ ...sent, body: 'cat.mp4' });
  });

  it('is called by its kind where it has no name, and stays in an edit', () => {
    const body = { text: '' };
    const unnamed = { ...file, media };
    const { content } = compose({ kind: 'edit', target: '$a', body, file: unnamed }, mark);
    expect(content).toMatchObject({
      body: '* video',
      'm.new_content': { ...sent, filename: 'video', body: 'video' },
    });
  });

  it('is read as what was written', () => {
    const { type, content } = compose({ kind: 'message', body: { text: 'look' }, file }, mark);
    const event = { type, content, event_id: '$e', room_id: '!r:hs', sender: '@a:hs' };
    expect(parse(JSON.stringify({ ...event, origin_server_ts: 1 }))).toMatchObject({
      body: { text: 'look', media: [{ ...media, ref: 'mxc://hs.test/a', name: 'cat.mp4' }] },
    });
  });
});

describe('compose', () => {
  it.each<[string, MatrixContent, object]>([
    ['speech', { kind: 'message', body: { text: 'hi' } }, said],
    [
      'what somebody does',
      { kind: 'message', body: { text: 'hi', as: 'emote' } },
      { ...said, msgtype: 'm.emote' },
    ],
    [
      'what a machine says',
      { kind: 'message', body: { text: 'hi', as: 'notice' } },
      { ...said, msgtype: 'm.notice' },
    ],
    [
      'HTML',
      { kind: 'message', body: { text: 'hi', html: '<b>hi</b>' } },
      { ...said, format: 'org.matrix.custom.html', formatted_body: '<b>hi</b>' },
    ],
    [
      'an answer',
      { kind: 'message', body: { text: 'hi' }, replyTo: '$a' },
      { ...said, 'm.relates_to': { 'm.in_reply_to': { event_id: '$a' } } },
    ],
    [
      'a message in a thread',
      { kind: 'message', body: { text: 'hi' }, threadRoot: '$t' },
      {
        ...said,
        'm.relates_to': {
          rel_type: 'm.thread',
          event_id: '$t',
          is_falling_back: true,
          'm.in_reply_to': { event_id: '$t' },
        },
      },
    ],
    [
      'an answer in a thread',
      { kind: 'message', body: { text: 'hi' }, threadRoot: '$t', replyTo: '$a' },
      {
        ...said,
        'm.relates_to': {
          rel_type: 'm.thread',
          event_id: '$t',
          is_falling_back: false,
          'm.in_reply_to': { event_id: '$a' },
        },
      },
    ],
    [
      'an edit, readable for those who know none',
      { kind: 'edit', target: '$a', body: { text: 'hi', html: '<b>hi</b>' } },
      {
        ...said,
        body: '* hi',
        format: 'org.matrix.custom.html',
        formatted_body: '* <b>hi</b>',
        'm.new_content': { ...said, format: 'org.matrix.custom.html', formatted_body: '<b>hi</b>' },
        'm.relates_to': { rel_type: 'm.replace', event_id: '$a' },
      },
    ],
    [
      'a notice',
      { kind: 'notice', text: 'hi', replyTo: '$a' },
      {
        ...said,
        msgtype: 'm.notice',
        'm.relates_to': { 'm.in_reply_to': { event_id: '$a' } },
      },
    ],
    [
      'a notice in the place of another',
      { kind: 'notice', text: 'hi', replaces: '$a' },
      {
        ...said,
        msgtype: 'm.notice',
        body: '* hi',
        'm.new_content': { ...said, msgtype: 'm.notice' },
        'm.relates_to': { rel_type: 'm.replace', event_id: '$a' },
      },
    ],
  ])('writes %s', (_, content, expected) => {
    expect(compose(content, mark)).toEqual({
      type: 'm.room.message',
      content: { ...expected, ...written },
    });
  });

  it('writes a reaction', () => {
    expect(compose({ kind: 'reaction', target: '$a', emoji: '👍' }, { marker: 'm1' })).toEqual({
      type: 'm.reaction',
      content: {
        'm.relates_to': { rel_type: 'm.annotation', event_id: '$a', key: '👍' },
        'dev.drawbridge.mark': { id: 'm1' },
      },
    });
  });

  it.each([
    ['delivered', { status: 'SUCCESS' }],
    ['retrying', { status: 'PENDING' }],
    ['failed', { status: 'FAIL_RETRIABLE', reason: 'm.foreign_network_error' }],
    ['unknown', { status: 'FAIL_PERMANENT', reason: 'm.foreign_network_error' }],
  ] as const)('writes that a message is %s', (outcome, expected) => {
    const content = { kind: 'status', of: '$a', network: 'one', outcome, reason: 'why' } as const;
    expect(compose(content, mark)).toEqual({
      type: 'com.beeper.message_send_status',
      content: {
        network: 'one',
        'm.relates_to': { rel_type: 'm.reference', event_id: '$a' },
        message: 'why',
        ...expected,
        ...written,
      },
    });
  });

  it('lets only such HTML into a room as Matrix permits, and makes none of a text', () => {
    const text = '<b>hi</b> & bye';
    const html = '<b onclick="x">hi</b><script>x</script> &amp; <a href="javascript:x">bye';
    const permitted = '<b>hi</b> &amp; bye';
    const { content } = compose({ kind: 'message', body: { text, html } }, mark);
    expect(content).toMatchObject({ body: text, formatted_body: permitted });

    const edit = compose({ kind: 'edit', target: '$a', body: { text, html } }, mark);
    expect(edit.content).toMatchObject({
      body: `* ${text}`,
      formatted_body: `* ${permitted}`,
      'm.new_content': { body: text, formatted_body: permitted },
    });

    const plain = compose({ kind: 'message', body: { text, html: '<script>x</script>' } }, mark);
    expect(plain.content).toEqual({ ...said, body: text, ...written });
  });

  it('names the files that it cannot send', () => {
    const media = [
      {
        ref: mediaRef('x'),
        as: 'image',
        mimeType: 'image/jpeg',
        name: '<cat>.jpg',
        sizeBytes: 1_449_000,
      },
      { ref: mediaRef('y'), as: 'file', mimeType: 'text/plain', sizeBytes: 999 },
      { ref: mediaRef('z'), as: 'audio', mimeType: 'audio/ogg', name: 'a.ogg', sizeBytes: 1000 },
    ] as const;
    const lines = '[image] <cat>.jpg (1.4 MB)\n[file] text/plain (999 bytes)\n[audio] a.ogg (1 kB)';

    expect(compose({ kind: 'message', body: { text: '', media } }, mark).content).toMatchObject({
      body: lines,
    });
    const both = compose({ kind: 'message', body: { text: 'look', html: '<b>look', media } }, mark);
    expect(both.content).toMatchObject({
      body: `look\n${lines}`,
      formatted_body:
        '<b>look</b><br>[image] &lt;cat&gt;.jpg (1.4 MB)<br>[file] text/plain (999 bytes)<br>[audio] a.ogg (1 kB)',
    });
  });

  it.each<MatrixContent>([
    { kind: 'message', body: { text: 'hi', html: '<b>hi</b>' }, replyTo: '$a' },
    { kind: 'message', body: { text: 'hi', as: 'emote' }, threadRoot: '$t' },
    { kind: 'edit', target: '$a', body: { text: 'hi' } },
    { kind: 'reaction', target: '$a', emoji: '👍' },
  ])('is read back as what it was: %j', (content) => {
    const composed = compose(content, mark);
    const event = { event_id: '$1', room_id: '!r', sender: '@a:b', ...composed };
    expect(parse(JSON.stringify(event))).toMatchObject({ ...content, mark });
  });
});
