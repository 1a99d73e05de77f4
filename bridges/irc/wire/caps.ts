import { buildLine, type Line } from './line.ts';

/** What this layer can make use of. */
export const WANTED: readonly string[] = [
  'message-tags',
  'batch',
  'server-time',
  'echo-message',
  'labeled-response',
  'multi-prefix',
  'userhost-in-names',
  'chghost',
  'cap-notify',
  'draft/chathistory',
  'draft/multiline',
  'draft/message-redaction',
];

/** How far the talk about capabilities is. @see https://ircv3.net/specs/extensions/capability-negotiation */
export interface Caps {
  readonly offered: readonly string[];
  readonly on: ReadonlySet<string>;
  /** The requests that have no answer yet. */
  readonly asked: number;
  /** The list of what is offered is whole. */
  readonly listed: boolean;
  /** To be asked for where it is offered. */
  readonly wanted: readonly string[];
  /** What the server says beside the name of a capability, such as `PLAIN,EXTERNAL` of `sasl`. */
  readonly values: ReadonlyMap<string, string>;
}

/** @param more than every connection wants. */
export const noCaps = (more: readonly string[]): Caps => ({
  offered: [],
  on: new Set(),
  asked: 0,
  listed: false,
  wanted: [...WANTED, ...more],
  values: new Map(),
});

/** A request must fit on a line; ours come in two at most. */
const NAMES_PER_REQUEST = 12;

/** Takes in one CAP line, and says what to send. */
export function heardCap(caps: Caps, { params }: Line): { caps: Caps; send: readonly string[] } {
  const [, verb = '', ...rest] = params;
  const more = rest.length > 1 && rest[0] === '*';
  const words = (rest.at(-1) ?? '').split(' ').filter((word) => word !== '');
  switch (verb.toUpperCase()) {
    case 'LS':
      return listed(caps, words, more);
    case 'NEW':
      return request(caps, words);
    case 'ACK':
      return { caps: { ...caps, on: turned(caps.on, words), asked: caps.asked - 1 }, send: [] };
    case 'NAK':
      return refused(caps, words);
    case 'DEL':
      return { caps: { ...caps, on: without(caps.on, words) }, send: [] };
    default:
      return { caps, send: [] };
  }
}

/** Nothing is left to be answered, so that registration may go on. */
export function isSettled(caps: Caps): boolean {
  return caps.listed && caps.asked <= 0;
}

function listed(caps: Caps, words: readonly string[], more: boolean) {
  const offered = [...caps.offered, ...words];
  if (more) return { caps: { ...caps, offered }, send: [] };
  return request({ ...caps, offered: [], listed: true }, offered);
}

function request(caps: Caps, words: readonly string[]) {
  const offered = new Map(words.map(nameAndValue));
  const names = caps.wanted.filter((name) => offered.has(name) && !caps.on.has(name));
  const send: string[] = [];
  for (let at = 0; at < names.length; at += NAMES_PER_REQUEST)
    send.push(ask(names.slice(at, at + NAMES_PER_REQUEST)));
  const values = new Map([...caps.values, ...offered]);
  return { caps: { ...caps, values, asked: caps.asked + send.length }, send };
}

function nameAndValue(word: string): [string, string] {
  const at = word.indexOf('=');
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
}

/** A server refuses a request as a whole: ask for each alone, and do without the one that is refused alone. */
function refused(caps: Caps, words: readonly string[]) {
  const send = words.length > 1 ? words.map((word) => ask([word])) : [];
  return { caps: { ...caps, asked: caps.asked - 1 + send.length }, send };
}

const ask = (names: readonly string[]) => buildLine('CAP', ['REQ', names.join(' ')]);

function turned(on: ReadonlySet<string>, words: readonly string[]): ReadonlySet<string> {
  const gone = words.filter((word) => word.startsWith('-')).map((word) => word.slice(1));
  const come = words.filter((word) => !word.startsWith('-'));
  return new Set([...without(on, gone), ...come]);
}

function without(on: ReadonlySet<string>, words: readonly string[]): ReadonlySet<string> {
  return new Set([...on].filter((name) => !words.includes(name)));
}
