import { seeded } from '../../../src/testing/seeded.ts';

/** What servers say, with a word for each `_`, and a text for each `~`. */
const PATTERNS = [
  ...[
    ':_ PRIVMSG _ :~',
    ':_!_@_ PRIVMSG _ :~',
    ':_!_@_ NOTICE _ :~',
    ':_!_@_ PRIVMSG _ :\u0001_ ~\u0001',
  ],
  ...[':_!_@_ JOIN _', ':_!_@_ JOIN _ _ :~', ':_!_@_ PART _ :~', ':_!_@_ QUIT :~', ':_!_@_ NICK _'],
  ...[
    ':_!_@_ KICK _ _ :~',
    ':_!_@_ INVITE _ _',
    ':_!_@_ TOPIC _ :~',
    ':_!_@_ MODE _ _ _ _ _',
    ':_ MODE _ :_',
  ],
  ...[
    ':_!_@_ AWAY :~',
    ':_!_@_ AWAY',
    ':_!_@_ CHGHOST _ _',
    ':_!_@_ ACCOUNT _',
    ':_!_@_ SETNAME :~',
  ],
  ...[
    ':_ 001 _ :~',
    ':_ 005 _ _=_ _=_ _ :~',
    ':_ 005 _ CASEMAPPING=_ PREFIX=(ov)_ CHANTYPES=_ NICKLEN=_ :~',
  ],
  ...[':_ 433 _ _ :~', ':_ 432 _ _ :~', ':_ 332 _ _ :~', ':_ 333 _ _ _ _', ':_ 353 _ = _ :_ _ _ _'],
  ...[
    ':_ 366 _ _ :~',
    ':_ 352 _ _ _ _ _ _ _ :0 ~',
    ':_ 324 _ _ _ _',
    ':_ 404 _ _ :~',
    ':_ 470 _ _ _ :~',
  ],
  ...[
    ':_ 311 _ _ _ _ * :~',
    ':_ 318 _ _ :~',
    ':_ 376 _ :~',
    ':_ 422 _ :~',
    ':_ 903 _ :~',
    ':_ 904 _ :~',
  ],
  ...[
    'PING :~',
    'PING _',
    'PONG _ :_',
    'ERROR :~',
    'AUTHENTICATE _',
    'AUTHENTICATE +',
    ':_ FAIL _ _ _ :~',
  ],
  ...[
    ':_ CAP _ LS * :_ _=_ _',
    ':_ CAP _ LS :_ sasl=_ sts=_',
    ':_ CAP _ ACK :_',
    ':_ CAP _ NEW :_',
    ':_ CAP _ DEL :_',
  ],
  ...[
    ':_ BATCH +_ _ _',
    ':_ BATCH -_',
    '@batch=_ :_!_@_ PRIVMSG _ :~',
    ':_ BATCH +_ draft/multiline _',
  ],
  ...[
    '@label=_;msgid=_;time=_ :_!_@_ PRIVMSG _ :~',
    '@+draft/reply=_;+draft/react=_ :_!_@_ TAGMSG _',
    '@_=_;_ :_ _ _ :~',
  ],
  ...['@+typing=_ :_!_@_ TAGMSG _', ':_!_@_ REDACT _ _ :~', '_ _ _ _', '~', ''],
];
const WORDS = [
  ...[
    'ann',
    'bob',
    'carl',
    'drawbridge',
    'drawbridge_',
    'ANN',
    '[]{}\\|^~',
    '{}[]|\\~^',
    '',
    '*',
    '+',
    '-',
  ],
  ...[
    '#a',
    '#A',
    '#[]',
    '&x',
    '#',
    '##',
    '@#a',
    '+ovb',
    '-o+v-k',
    '+bbbb',
    'irc.test',
    'ann!u@h',
    '*!*@*',
  ],
  ...[
    'rfc1459',
    'ascii',
    'batch',
    'message-tags',
    'echo-message',
    'labeled-response',
    'chathistory',
    'netsplit',
  ],
  ...[
    'sasl',
    'PLAIN',
    'port=6697,duration=1',
    '2026-01-02T03:04:05.678Z',
    'm1',
    'm2',
    '1',
    '0',
    '-1',
    '99999999999',
  ],
  ...[
    '\u{1f600}',
    'é',
    '\ud800',
    '\u0000',
    '\u0002',
    '\u000304,99',
    '\u0011',
    '%',
    '\\s\\:\\',
    '__proto__',
    'constructor',
  ],
];

/** Lines as no server should send them, for ever; the same for the same seed. */
export function* garbage(seed: number): Generator<string, never> {
  const random = seeded(seed);
  const below = (count: number) => Math.floor(random() * count);
  const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T;
  const text = () =>
    Array.from({ length: below(12) }, () => pick(WORDS)).join(pick([' ', '', ' ']));
  const long = () => pick(WORDS).repeat(1 + below(4_000));
  const word = () => (below(2_000) === 0 ? long() : pick(WORDS));

  /** Some letters of it lost, doubled or exchanged. */
  function spoiled(line: string): string {
    const at = below(line.length + 1);
    const rest = line.slice(at);
    const spoilt = pick([
      rest.slice(1),
      rest + rest,
      pick(WORDS) + rest,
      rest.split('').reverse().join(''),
    ]);
    return line.slice(0, at) + spoilt;
  }

  for (;;) {
    const line = pick(PATTERNS).replace(/[_~]/g, (mark) => (mark === '_' ? word() : text()));
    yield below(3) === 0 ? spoiled(line) : line;
  }
}
