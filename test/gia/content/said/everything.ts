import type { FileItem, Said } from '#gia';

const id = (digit: string) => `01${digit.repeat(62)}`;
const file: FileItem = {
  kind: 'file',
  ...{ url: 'https://media.example/q7', contentType: 'image/png', isInline: true },
  ...{ sizeBytes: 1040, filename: 'cat.png', expiresAtSeconds: 1_800_000_000 },
  seal: {
    key: new Uint8Array(16).fill(7),
    nonce: new Uint8Array(12).fill(8),
    aad: new Uint8Array(),
  },
  sha256: new Uint8Array(32).fill(9),
};

/** Each kind of thing that can be said, once. */
export const everything: Readonly<Record<string, Said>> = {
  text: { kind: 'message', items: [{ kind: 'text', format: 'plain', text: 'Grüße, 世界' }] },
  markdown: {
    kind: 'message',
    items: [{ kind: 'text', format: 'markdown', text: '**Hi** [@Bob](mimi://b.example/u/bob)' }],
  },
  reply: {
    ...{ kind: 'message', replyTo: id('a'), thread: 'c0ffee' },
    expires: { relative: true, seconds: 3600 },
    items: [{ kind: 'text', format: 'plain', text: 'yes' }],
  },
  edit: { kind: 'edit', of: id('b'), items: [{ kind: 'text', format: 'plain', text: 'no' }] },
  removal: { kind: 'removal', of: id('c'), what: 'message' },
  reaction: { kind: 'reaction', to: id('d'), keys: ['👍🏽'] },
  reactions: { kind: 'reaction', to: id('d'), keys: ['👍', '❤'], replaces: id('e') },
  'reaction-undone': { kind: 'removal', of: id('e'), what: 'reaction' },
  file: { kind: 'message', items: [file] },
  'file-with-caption': {
    kind: 'message',
    items: [
      { kind: 'text', format: 'plain', text: 'look' },
      { kind: 'file', url: 'https://media.example/q8', contentType: 'text/csv', isInline: false },
    ],
  },
  call: {
    kind: 'message',
    items: [{ kind: 'link', url: 'https://call.example/1', description: 'Join us' }],
  },
  report: {
    kind: 'report',
    statuses: [
      { id: id('a'), status: 'delivered' },
      { id: id('b'), status: 'read' },
    ],
  },
  matrix: {
    ...{ kind: 'message', replyTo: id('a') },
    items: [{ kind: 'text', format: 'markdown', text: '**Hi**' }],
    matrix: {
      type: 'm.room.message',
      content: {
        ...{ msgtype: 'm.text', body: 'Hi', format: 'org.matrix.custom.html' },
        ...{ formatted_body: '<b>Hi</b>', 'org.example.mood': 'fine' },
      },
    },
  },
  'matrix-file': {
    ...{ kind: 'message', items: [file] },
    matrix: {
      type: 'm.room.message',
      content: { msgtype: 'm.image', body: 'cat.png', info: { w: 4, h: 3, mimetype: 'image/png' } },
    },
  },
};
