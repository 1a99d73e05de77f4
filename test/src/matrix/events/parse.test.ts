import { describe, expect, it } from 'vitest';
import { parse } from '../../../../src/matrix/events/parse.ts';
import { common, read, understood } from './reading.ts';

const message = (content: object, more?: object) =>
  read('m.room.message', { msgtype: 'm.text', body: 'hi', ...content }, more);

describe('a message', () => {
  it('is what somebody says', () => {
    expect(message({})).toEqual({ kind: 'message', ...understood, body: { text: 'hi' } });
  });

  it.each([
    ['m.emote', { text: 'hi', as: 'emote' }],
    ['m.notice', { text: 'hi', as: 'notice' }],
    ['m.server_notice', { text: 'hi', as: 'notice' }],
    ['org.example.something', { text: 'hi' }],
  ])('as %s is %j', (msgtype, body) => {
    expect(message({ msgtype })).toMatchObject({ kind: 'message', body });
  });

  it.each([
    ['of the known format', 'org.matrix.custom.html', '<b>hi</b>', '<b>hi</b>'],
    ['of another format', 'text/markdown', '**hi**', undefined],
    ['that is empty', 'org.matrix.custom.html', '', undefined],
    ['that is no text', 'org.matrix.custom.html', 3, undefined],
  ])('may have HTML %s', (_, format, formatted_body, html) => {
    const event = message({ format, formatted_body });
    expect(event.kind === 'message' ? event.body.html : 'no message').toBe(html);
  });

  it.each([
    ['<b onclick="x">hi</b><script>x</script>', '<b>hi</b>'],
    ['<p>hi</p>', undefined],
    ['<scr\0ipt>x</script><b>hi</b>', '<b>hi</b>'],
  ])('has of the HTML %j what Matrix permits: %s', (formatted_body, html) => {
    const content = { format: 'org.matrix.custom.html', formatted_body };
    const body = { text: 'hi', ...(html !== undefined && { html }) };
    expect(message(content)).toEqual({ kind: 'message', ...understood, body });
    const edit = message({
      'm.new_content': { msgtype: 'm.text', body: 'hi', ...content },
      'm.relates_to': { rel_type: 'm.replace', event_id: '$a' },
    });
    expect(edit).toEqual({ kind: 'edit', ...understood, target: '$a', body });
  });

  it('has no lone surrogate and no NUL', () => {
    expect(message({ body: 'a\0b\ud83d' })).toMatchObject({ body: { text: 'ab\ufffd' } });
  });

  it('may carry a mark', () => {
    const mark = (value: unknown) => message({ 'dev.drawbridge.mark': value }).mark;
    expect(mark({ id: 'm1', portal: 3 })).toEqual({ marker: 'm1', portal: 3 });
    expect(mark({ id: 'm1', portal: '3' })).toEqual({ marker: 'm1' });
    expect(mark({ portal: 3 })).toBeUndefined();
    expect(mark('m1')).toBeUndefined();
  });

  it('answers another', () => {
    const relation = { 'm.relates_to': { 'm.in_reply_to': { event_id: '$a' } } };
    expect(message(relation)).toMatchObject({ kind: 'message', replyTo: '$a' });
  });

  it('stands in a thread, and answers somebody there only where it says so', () => {
    const inThread = (is_falling_back: unknown) =>
      message({
        'm.relates_to': {
          rel_type: 'm.thread',
          event_id: '$t',
          is_falling_back,
          'm.in_reply_to': { event_id: '$a' },
        },
      });
    expect(inThread(true)).toMatchObject({ threadRoot: '$t' });
    expect(inThread(true)).not.toHaveProperty('replyTo');
    expect(inThread(false)).toMatchObject({ threadRoot: '$t', replyTo: '$a' });
  });
});

describe('the copy of what a message answers', () => {
  const answer = (content: object) => {
    const event = message({
      'm.relates_to': { 'm.in_reply_to': { event_id: '$a' } },
      ...content,
    });
    return event.kind === 'message' ? event.body : undefined;
  };

  it.each([
    ['> <@bob:example.org> one\n> two\n\nthree\n> four', 'three\n> four'],
    ['> * <@bob:example.org> waves\n\nhello', 'hello'],
    ['> <@bob:example.org> one\nthree', 'three'],
    ['> <@bob:example.org> said by hand', '> <@bob:example.org> said by hand'],
    ['> a quote by hand\n\nthree', '> a quote by hand\n\nthree'],
  ])('is taken from the text: %j', (body, text) => {
    expect(answer({ body })?.text).toBe(text);
  });

  it.each([
    ['<mx-reply><blockquote>one</blockquote></mx-reply>two', 'two'],
    ['two', 'two'],
    ['two<MX-reply>one<mx-reply>and one</mx-reply></MX-reply>', 'two'],
    ['<mx-reply>never closed', undefined],
    ['<mx-reply>nothing else</mx-reply>', undefined],
  ])('is taken from the HTML: %s', (formatted_body, html) => {
    expect(answer({ format: 'org.matrix.custom.html', formatted_body })?.html).toBe(html);
  });

  it('is left where it answers nothing', () => {
    const body = '> <@bob:example.org> one\n\ntwo';
    expect(message({ body })).toMatchObject({ body: { text: body } });
  });
});

describe('a file', () => {
  const url = 'mxc://example.org/a';
  const info = { mimetype: 'image/png', size: 12 };
  const media = { ref: url, mimeType: 'image/png', sizeBytes: 12 };

  it.each([
    ['m.image', 'image'],
    ['m.video', 'video'],
    ['m.audio', 'audio'],
    ['m.file', 'file'],
  ])('%s is a message with media', (msgtype, as) => {
    expect(message({ msgtype, url, info, body: 'a.png' })).toMatchObject({
      kind: 'message',
      body: { text: '', media: [{ ...media, as, name: 'a.png' }] },
    });
  });

  it.each([
    ['a caption beside another name', { filename: 'a.png', body: 'look' }, 'look', 'a.png'],
    ['no caption that is the name', { filename: 'a.png', body: 'a.png' }, '', 'a.png'],
  ])('has %s', (_, names, text, name) => {
    expect(message({ msgtype: 'm.image', url, info, ...names })).toMatchObject({
      body: { text, media: [{ ...media, name }] },
    });
  });

  it('has a type, and a size only where it is one', () => {
    const event = message({ msgtype: 'm.file', url, info: { size: -1 } });
    expect(event).toMatchObject({ body: { media: [{ mimeType: 'application/octet-stream' }] } });
    expect(JSON.stringify(event)).not.toContain('sizeBytes');
  });

  it.each([
    [{ file: { url } }, 'an encrypted file'],
    [{ url: 'https://example.org/a.png' }, 'a file without an address'],
    [{}, 'a file without an address'],
  ])('with %j cannot be bridged', (content, what) => {
    expect(message({ msgtype: 'm.image', ...content })).toMatchObject({
      kind: 'unsupported',
      what,
    });
  });
});

describe('an edit', () => {
  const relation = { 'm.relates_to': { rel_type: 'm.replace', event_id: '$a' } };

  it('has the new words, without their fallback', () => {
    const fresh = { msgtype: 'm.emote', body: 'new' };
    expect(message({ body: '* new', 'm.new_content': fresh, ...relation })).toEqual({
      kind: 'edit',
      ...understood,
      target: '$a',
      body: { text: 'new', as: 'emote' },
    });
  });

  it.each([
    [relation],
    [{ 'm.new_content': {}, ...relation }],
    [
      {
        'm.new_content': { msgtype: 'm.text', body: 'x' },
        'm.relates_to': { rel_type: 'm.replace' },
      },
    ],
  ])('that is not whole cannot be bridged: %j', (content) => {
    expect(message(content).kind).toBe('unsupported');
  });
});

describe('a redaction', () => {
  it.each([
    [{ redacts: '$a', reason: 'spam' }, {}],
    [{ reason: 'spam' }, { redacts: '$a' }],
    [{ redacts: '$a', reason: 'spam' }, { redacts: '$other' }],
  ])('names its target in the content or beside it: %j %j', (content, more) => {
    expect(read('m.room.redaction', content, more)).toEqual({
      kind: 'redaction',
      ...understood,
      target: '$a',
      reason: 'spam',
    });
  });

  it('of nothing is nothing', () => {
    expect(read('m.room.redaction', {}).kind).toBe('ignored');
  });
});

describe('a reaction', () => {
  const reaction = (relation: object) => read('m.reaction', { 'm.relates_to': relation });

  it('is an emoji to a message', () => {
    expect(reaction({ rel_type: 'm.annotation', event_id: '$a', key: '👍' })).toEqual({
      kind: 'reaction',
      ...understood,
      target: '$a',
      emoji: '👍',
    });
  });

  it.each([
    {},
    { rel_type: 'm.annotation', event_id: '$a', key: '' },
    { rel_type: 'm.annotation', key: '👍' },
    { rel_type: 'm.thread', event_id: '$a', key: '👍' },
  ])('that is not whole is nothing: %j', (relation) => {
    expect(reaction(relation).kind).toBe('ignored');
  });
});

describe('what cannot be bridged', () => {
  it.each([
    ['m.sticker', 'a sticker'],
    ['org.matrix.msc3381.poll.start', 'a poll'],
    ['m.poll.response', 'a vote in a poll'],
    ['m.call.invite', 'a call'],
  ])('%s is called %s', (type, what) => {
    expect(read(type, { body: 'x' })).toEqual({ kind: 'unsupported', ...understood, what });
  });

  it.each([
    [{ msgtype: 'm.location' }, 'a location'],
    [{ msgtype: 'm.key.verification.request' }, 'a verification'],
    [{ msgtype: 3 }, 'a message that is not well-formed'],
    [{ body: {} }, 'a message that is not well-formed'],
  ])('a message with %j is %s', (content, what) => {
    expect(message(content)).toMatchObject({ kind: 'unsupported', what });
  });
});

describe('what says nothing', () => {
  it.each([
    ['m.room.topic', { state_key: 'x' }],
    ['m.room.topic', {}],
    ['m.room.message', { state_key: '' }],
    ['m.reaction', { state_key: '' }],
    ['m.room.message', { unsigned: { redacted_because: {} } }],
    ['m.sticker', { unsigned: { redacted_because: {} } }],
    ['org.example.custom', {}],
    ['constructor', {}],
    ['m.call.candidates', {}],
  ])('%s %j is ignored', (type, more) => {
    expect(read(type, { msgtype: 'm.text', body: 'hi' }, more)).toEqual({
      kind: 'ignored',
      ...understood,
    });
  });

  it('is a message whose content was emptied', () => {
    expect(read('m.room.message', {}).kind).toBe('ignored');
  });
});

describe('parse', () => {
  it.each(['event_id', 'room_id', 'sender', 'type'])('refuses what has no %s', (key) => {
    const event = { ...common, type: 'm.room.message', content: {} };
    const without = JSON.stringify({ ...event, [key]: undefined });
    const wrong = JSON.stringify({ ...event, [key]: 3 });
    expect(() => parse(without)).toThrow(SyntaxError);
    expect(() => parse(wrong)).toThrow(SyntaxError);
  });

  it.each(['', '{', 'null', '[]', '"x"', '3'])('refuses %j', (json) => {
    expect(() => parse(json)).toThrow(SyntaxError);
  });

  it.each([undefined, 'soon', -1, 1.5, Number.MAX_SAFE_INTEGER + 1])(
    'takes %j for no time',
    (at) => {
      expect(read('m.room.message', {}, { origin_server_ts: at }).sentAtMs).toBe(0);
    },
  );
});
