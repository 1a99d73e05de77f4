import type { ContentCode } from '#gia';

/** When all of these are read. */
export const NOW_MS = 1_700_000_000_000;
const now = NOW_MS / 1000;

const hex = (...parts: readonly string[]) => new Uint8Array(Buffer.from(parts.join(''), 'hex'));
const u32 = (seconds: number) => `1a${seconds.toString(16).padStart(8, '0')}`;
const id = `5820${'01'.padEnd(64, 'a')}`;

/** An honest container, by its fields. */
const honest = {
  salt: `50${'ab'.repeat(16)}`,
  replaces: 'f6',
  topic: '40',
  expires: 'f6',
  inReplyTo: 'f6',
  extensions: 'a0',
  body: '85016001636d2f6e4161',
};
type Fields = typeof honest;
const container = (fields: Partial<Fields>) =>
  hex('87', ...Object.values({ ...honest, ...fields } satisfies Fields));
const extension = (value: string) => ({ extensions: `a120${value}` });

const multi = (semantics: string, ...parts: readonly string[]) =>
  `85016003${semantics}${(0x80 + parts.length).toString(16)}${parts.join('')}`;
const nothing = '83016000';
const nested = (levels: number): string =>
  levels === 1 ? nothing : multi('00', nested(levels - 1), nothing);
const external = (fields: { aead?: string; key?: string; size?: string; expires?: string }) =>
  [
    ...['8f01600260', '60', fields.expires ?? '00', fields.size ?? '00', fields.aead ?? '00'],
    ...[fields.key ?? '40', '40', '40', '00', '40', '60', '60'],
  ].join('');
const many = (count: number) =>
  `8501600302${'99'}${count.toString(16).padStart(4, '0')}${nothing.repeat(count)}`;

export const honestContainer = container({});
/** The most of everything that is allowed. */
export const extremes: Record<string, Uint8Array> = {
  'four levels of parts': container({ body: nested(4) }),
  '1024 parts': container({ body: many(1023) }),
  'a topic of 4096 bytes': container({ topic: `591000${'00'.repeat(4096)}` }),
  'a disposition that nobody knows': container({ body: '8518ff6001636d2f6e4161' }),
  'an extension with a tag in four levels': container(extension('8181d82060')),
  'an extension that is a short NaN': container(extension('f97e00')),
  'a key of 255 bytes': container({ extensions: `a178ff${'61'.repeat(255)}00` }),
  'an expiry in a year': container({ expires: `82f5${u32(365 * 86_400)}` }),
};

/** What must be refused, and with which code. */
export const hostile: readonly (readonly [name: string, code: ContentCode, bytes: Uint8Array])[] = [
  ['nothing at all', 'not_cbor', hex('')],
  ['a map instead of a container', 'bad_container', hex('a0')],
  ['six fields', 'bad_container', hex('86')],
  ['a container of indefinite length', 'bad_container', hex('9f')],
  ['a container with a long head', 'bad_container', hex('9807')],
  ['the first field only', 'not_cbor', hex('87', honest.salt)],
  ['a byte behind it', 'trailing_bytes', hex(Buffer.from(honestContainer).toString('hex'), '00')],
  ['more than a hub carries', 'too_large', new Uint8Array(256 * 1024 + 1)],
  ['a salt of 15 bytes', 'bad_salt', container({ salt: `4f${'ab'.repeat(15)}` })],
  ['a salt of 17 bytes', 'bad_salt', container({ salt: `51${'ab'.repeat(17)}` })],
  ['a salt that is text', 'bad_salt', container({ salt: `70${'61'.repeat(16)}` })],
  ['a salt in chunks', 'indefinite_length', container({ salt: `5f48${'ab'.repeat(8)}ff` })],
  ['a salt with a long head', 'not_shortest', container({ salt: `5810${'ab'.repeat(16)}` })],
  ['a string of 2^63 bytes', 'not_cbor', container({ salt: `5b7fffffffffffffff` })],
  ['a string of all that 64 bits say', 'not_cbor', container({ topic: `5bffffffffffffffff` })],
  ['a reserved head', 'not_cbor', container({ replaces: '1c' })],
  ['an id of 31 bytes', 'bad_message_id', container({ replaces: `581f01${'aa'.repeat(30)}` })],
  ['an id that is a number', 'bad_message_id', container({ replaces: '01' })],
  [
    'an id of an unknown hash',
    'bad_message_id',
    container({ replaces: `582002${'aa'.repeat(31)}` }),
  ],
  [
    'an answer to an unknown hash',
    'bad_message_id',
    container({ inReplyTo: `5820${'00'.repeat(32)}` }),
  ],
  ['an answer to a text', 'bad_message_id', container({ inReplyTo: `7820${'61'.repeat(32)}` })],
  ['a topic of 4097 bytes', 'bad_topic', container({ topic: `591001${'00'.repeat(4097)}` })],
  ['a topic that is null', 'bad_topic', container({ topic: 'f6' })],
  ['an expiry that is a number', 'bad_expiry', container({ expires: '05' })],
  ['an expiry of three', 'bad_expiry', container({ expires: '83f50505' })],
  ['an expiry with a number for a flag', 'bad_expiry', container({ expires: '820105' })],
  ['an expiry before its time', 'bad_expiry', container({ expires: '82f420' })],
  ['an expiry of 33 bits', 'bad_expiry', container({ expires: '82f51b0000000100000000' })],
  [
    'an expiry two years after reading',
    'bad_expiry',
    container({ expires: `82f5${u32(63_072_000)}` }),
  ],
  ['an expiry in two years', 'bad_expiry', container({ expires: `82f4${u32(now + 63_072_000)}` })],
  ['an expiry two years ago', 'bad_expiry', container({ expires: `82f4${u32(now - 63_072_000)}` })],
  ['extensions in a list', 'bad_extension', container({ extensions: '80' })],
  ['extension 0', 'bad_extension', container({ extensions: 'a10000' })],
  ['an extension without a name', 'bad_extension', container({ extensions: 'a16000' })],
  [
    'a name of 256 bytes',
    'bad_extension',
    container({ extensions: `a1790100${'61'.repeat(256)}00` }),
  ],
  ['a name in bytes', 'bad_extension', container({ extensions: 'a1416100' })],
  ['a sender that is a number', 'bad_extension', container({ extensions: 'a10100' })],
  ['a list for a key', 'bad_key', container({ extensions: 'a18000' })],
  ['a key of 2^53', 'bad_key', container({ extensions: 'a11b002000000000000000' })],
  ['a key of -2^53', 'bad_key', container({ extensions: 'a13b001fffffffffffff00' })],
  ['a float for a key', 'bad_key', container({ extensions: 'a1f9000000' })],
  ['two senders', 'duplicate_key', container({ extensions: 'a2016161016162' })],
  ['the room before the sender', 'key_order', container({ extensions: 'a2026161016162' })],
  ['keys in the older canonical order', 'key_order', container({ extensions: 'a22000186400' })],
  ['a map within that says a key twice', 'duplicate_key', container(extension('a201000100'))],
  ['extensions of indefinite length', 'indefinite_length', container({ extensions: 'bfff' })],
  ['more pairs than there are bytes', 'not_cbor', container({ extensions: 'bb7fffffffffffffff' })],
  ['an extension in five levels', 'too_deep', container(extension('81818180'))],
  ['tags upon tags', 'too_deep', container(extension('c0c0c0c000'))],
  [
    'a hundred thousand lists in each other',
    'too_deep',
    container(extension('81'.repeat(100_000))),
  ],
  ['a NaN that says something', 'bad_number', container(extension('f97e01'))],
  ['a NaN of eight bytes', 'bad_number', container(extension('fb7ff8000000000000'))],
  [
    'a float that is longer than it need be',
    'not_shortest',
    container(extension('fb3ff0000000000000')),
  ],
  ['a number that is longer than it need be', 'not_shortest', container(extension('1817'))],
  ['text that is not UTF-8', 'not_utf8', container(extension('62c328'))],
  ['half of a pair in UTF-8', 'not_utf8', container({ body: '850163eda08001636d2f6e4161' })],
  ['a body that is null', 'bad_part', container({ body: 'f6' })],
  ['a part without a kind', 'bad_part', container({ body: '820160' })],
  ['a kind of part that nobody knows', 'bad_part', container({ body: '83016004' })],
  ['a null part with content', 'bad_part', container({ body: '8401600040' })],
  ['a single part without content', 'bad_part', container({ body: '84016001636d2f6e' })],
  ['content that is text', 'bad_part', container({ body: '85016001636d2f6e6161' })],
  ['a disposition of 256', 'bad_part', container({ body: '851901006001636d2f6e4161' })],
  ['a disposition below zero', 'bad_part', container({ body: '85206001636d2f6e4161' })],
  ['a language in bytes', 'bad_part', container({ body: '83014000' })],
  ['semantics that nobody knows', 'bad_part', container({ body: multi('03', nothing, nothing) })],
  ['a multipart of one', 'bad_part', container({ body: multi('00', nothing) })],
  ['a multipart of a number', 'bad_part', container({ body: '850160030005' })],
  ['five levels of parts', 'too_deep', container({ body: nested(5) })],
  ['a hundred levels of parts', 'too_deep', container({ body: nested(100) })],
  ['1025 parts', 'too_many_parts', container({ body: many(1024) })],
  ['a list of 2^32 parts', 'not_cbor', container({ body: '85016003009b0000000100000000' })],
  [
    'a file of more than 2^53 bytes',
    'bad_part',
    container({ body: external({ size: '1b0020000000000000' }) }),
  ],
  [
    'a file that expires in 33 bits',
    'bad_part',
    container({ body: external({ expires: '1b0000000100000000' }) }),
  ],
  ['an algorithm of 17 bits', 'bad_part', container({ body: external({ aead: '1a00010000' }) })],
  ['a key without an algorithm', 'bad_part', container({ body: external({ key: '4161' }) })],
  ['a tag around a part', 'not_allowed_here', container({ body: `c0${honest.body}` })],
  ['a map for a part', 'not_allowed_here', container({ body: 'a0' })],
  ['a float in a part', 'not_allowed_here', container({ body: '83f93c006000' })],
  ['undefined for null', 'not_allowed_here', container({ inReplyTo: 'f7' })],
  ['an answer in a list', 'bad_message_id', container({ inReplyTo: `81${id}` })],
];
