import { gather, type OpenBatches, type Replay } from './batches.ts';
import { type Caps, heardCap, isSettled, noCaps } from './caps.ts';
import { Features } from './isupport.ts';
import { buildLine, type Line, parseSource } from './line.ts';
import { afterErroneous, afterTaken, type NickChoice, nickOf } from './nick-choice.ts';
import type { Account } from './sasl/account.ts';
import { beginTalk, heardInTalk, type Said, type Talk } from './sasl/talk.ts';
import { stsOf } from './sts.ts';

/** As whom to register. */
export interface Registration {
  readonly nick: string;
  readonly username: string;
  readonly realname: string;
  readonly password?: string;
  /** The address that the server is to show instead of ours, if it believes the password. */
  readonly webirc?: { readonly password: string; readonly address: string };
  /** Proved before the network lets us in. Absent: there is none. */
  readonly account?: Account;
  /** What it asks the server for besides what every connection does. */
  readonly caps?: readonly string[];
  /** Where it is known from another connection. */
  readonly nickLength?: number;
  /** Over TLS. */
  readonly isSecure?: boolean;
}

/** All that a connection knows of itself. Plain data: `step` makes the next one. */
export interface Machine {
  readonly isSecure: boolean;
  readonly phase: 'caps' | 'proving' | 'registering' | 'welcomed' | 'ready';
  readonly caps: Caps;
  readonly features: Features;
  /** What the server calls us; before it has, what we ask to be called. */
  readonly nick: string;
  /** As others see us after the nick. Absent until the server lets it be seen. */
  readonly user?: string;
  readonly host?: string;
  readonly choice: NickChoice;
  readonly batches: OpenBatches;
  /** Absent: there is none. */
  readonly account?: Account;
  /** Absent: its proof has not begun, or the network takes none before we are in. */
  readonly talk?: Talk;
}

/** What a line meant, for whoever uses the connection. */
export type WireEvent =
  | { readonly kind: 'line'; readonly line: Line }
  | { readonly kind: 'replay'; readonly replay: Replay }
  /** Registered, and the features are known. Once. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'renamed'; readonly from: string; readonly to: string }
  /** The server is to be talked to over TLS alone, on this port. */
  | { readonly kind: 'insecure'; readonly port: number }
  /** The server will not have us, or throws us out. It closes the connection next. */
  | { readonly kind: 'refused'; readonly as: Refusal; readonly text: string };

export type Refusal = 'nick' | 'password' | 'account' | 'banned' | 'throttled' | 'closing';

export interface Step {
  readonly state: Machine;
  readonly send: readonly string[];
  readonly events: readonly WireEvent[];
}

/** The first lines of a connection. */
export function begin(who: Registration): Step {
  const { nickLength: maxLength } = who;
  const choice = { wanted: who.nick, taken: 0, ...(maxLength !== undefined && { maxLength }) };
  const nick = nickOf(choice);
  const state: Machine = {
    isSecure: who.isSecure ?? false,
    phase: 'caps',
    caps: noCaps([...(who.account ? ['sasl'] : []), ...(who.caps ?? [])]),
    features: new Features(),
    nick,
    choice,
    batches: new Map(),
    ...(who.account && { account: who.account }),
  };
  const send = [
    ...(who.webirc ? [webircLine(who.webirc)] : []),
    buildLine('CAP', ['LS', '302']),
    ...(who.password === undefined ? [] : [buildLine('PASS', [who.password])]),
    buildLine('NICK', [nick]),
    buildLine('USER', [who.username, '0', '*', who.realname]),
  ];
  return { state, send, events: [] };
}

/** @see https://ircv3.net/specs/extensions/webirc */
const webircLine = ({ password, address }: NonNullable<Registration['webirc']>) =>
  buildLine('WEBIRC', [password, 'drawbridge', address, address]);

/** What a line changes, what is to be answered, and what it means. Pure. */
export function step(state: Machine, line: Line): Step {
  const { open, out } = gather(state.batches, line);
  let all: Step = { state: { ...state, batches: open }, send: [], events: [] };
  for (const item of out) {
    const one = 'lines' in item ? replayed(all.state, item) : single(all.state, item);
    all = {
      state: one.state,
      send: [...all.send, ...one.send],
      events: [...all.events, ...one.events],
    };
  }
  return all;
}

const replayed = (state: Machine, replay: Replay): Step => ({
  state,
  send: [],
  events: [{ kind: 'replay', replay }],
});

function single(state: Machine, line: Line): Step {
  const known = learn(state, line);
  const heard = handlers[line.command]?.(known, line);
  return heard ?? { state: known, send: [], events: [{ kind: 'line', line }] };
}

type Hear = (state: Machine, line: Line) => Step | undefined;
const only = (state: Machine, send: readonly string[] = []): Step => ({ state, send, events: [] });

/** What the connection itself answers or takes in. `undefined`: of no more meaning than its words. */
const handlers: Readonly<Record<string, Hear>> = {
  PING: (state, { params }) => only(state, [buildLine('PONG', [params.at(-1) ?? ''])]),
  CAP: heardCaps,
  '001': welcomed,
  '005': (state, { params }) =>
    only({ ...state, features: state.features.with(params.slice(1, -1)) }),
  '376': ready,
  '422': ready,
  '432': (state) => another(state, afterErroneous(state.choice)),
  '433': (state) => another(state, afterTaken(state.choice)),
  '437': (state) => another(state, afterTaken(state.choice)),
  '464': (state, line) => refused(state, 'password', line),
  '465': (state, line) => refused(state, 'banned', line),
  AUTHENTICATE: heardOfAccount,
  '902': heardOfAccount,
  '903': heardOfAccount,
  '904': heardOfAccount,
  '905': heardOfAccount,
  '906': heardOfAccount,
  '907': heardOfAccount,
  ERROR: (state, line) => refused(state, reasonIn(line), line),
  NICK: renamed,
};

function heardCaps(state: Machine, line: Line): Step {
  const { caps, send } = heardCap(state.caps, line);
  const next = { ...state, caps };
  const { port } = stsOf(next);
  if (!state.isSecure && caps.listed && port !== undefined)
    return { state: next, send: [], events: [{ kind: 'insecure', port }] };
  if (state.phase !== 'caps' || !isSettled(caps)) return only(next, send);
  const { account } = state;
  if (!account || !caps.on.has('sasl'))
    return only({ ...next, phase: 'registering' }, [...send, END_OF_CAPS]);
  return said({ ...next, phase: 'proving' }, beginTalk(account, caps.values.get('sasl')));
}

const END_OF_CAPS = buildLine('CAP', ['END']);

function heardOfAccount(state: Machine, line: Line): Step | undefined {
  if (state.phase !== 'proving' || !state.talk) return undefined;
  const answer = heardInTalk(state.talk, line);
  return answer && said(state, answer);
}

function said(state: Machine, { talk, send, outcome }: Said): Step {
  const next = { ...state, talk };
  if (outcome?.is === 'proved')
    return only({ ...next, phase: 'registering' }, [...send, END_OF_CAPS]);
  if (!outcome) return only(next, send);
  const text = `The account ${talk.account.name} is not proved: ${outcome.text}`;
  return { state: next, send, events: [{ kind: 'refused', as: 'account', text }] };
}

function welcomed(state: Machine, { params }: Line): Step {
  const mask = /\S+!\S+@\S+$/.exec(params.at(-1) ?? '')?.[0];
  const { user, host } = parseSource(mask ?? '');
  return only({
    ...state,
    phase: 'welcomed',
    nick: params[0] || state.nick,
    ...(user !== undefined && { user }),
    ...(host !== undefined && { host }),
  });
}

function ready(state: Machine): Step | undefined {
  if (state.phase !== 'welcomed') return undefined;
  return { state: { ...state, phase: 'ready' }, send: [], events: [{ kind: 'ready' }] };
}

function another(state: Machine, choice: NickChoice | undefined): Step | undefined {
  if (state.phase === 'welcomed' || state.phase === 'ready') return undefined;
  if (!choice)
    return { state, send: [], events: [{ kind: 'refused', as: 'nick', text: state.nick }] };
  const nick = nickOf(choice);
  return only({ ...state, choice, nick }, [buildLine('NICK', [nick])]);
}

function refused(state: Machine, as: Refusal, { params }: Line): Step {
  return { state, send: [], events: [{ kind: 'refused', as, text: params.at(-1) ?? '' }] };
}

/** What servers say of those who come too often or are too many, and of those whom they do not want. */
const THROTTLE = /too fast|throttl|too many|no more connections/i;
const BAN = /\b(?:[a-z]-?lined?|banned)\b/i;

function reasonIn({ params }: Line): Refusal {
  const text = params.at(-1) ?? '';
  if (THROTTLE.test(text)) return 'throttled';
  return BAN.test(text) ? 'banned' : 'closing';
}

function renamed(state: Machine, line: Line): Step | undefined {
  const [to = ''] = line.params;
  if (to === '' || !isSelf(state, line)) return undefined;
  const events: WireEvent[] = [
    { kind: 'renamed', from: state.nick, to },
    { kind: 'line', line },
  ];
  return { state: { ...state, nick: to }, send: [], events };
}

/** Whether a line is from ourselves. */
export function isSelf({ features, nick }: Machine, { source }: Line): boolean {
  return source !== undefined && features.fold(source.nick) === features.fold(nick);
}

/** Every line from ourselves, and two that speak of it, show how others see us. */
function learn(state: Machine, line: Line): Machine {
  if (line.command === '396')
    return { ...state, ...parseSource(`x!${hostOf(line, state)}`), nick: state.nick };
  if (!isSelf(state, line) || !line.source) return state;
  const { user, host } = line.source;
  const [newUser, newHost] = line.command === 'CHGHOST' ? line.params : [user, host];
  return {
    ...state,
    ...(newUser !== undefined && { user: newUser }),
    ...(newHost !== undefined && { host: newHost }),
  };
}

/** RPL_VISIBLEHOST names the host, on some servers with the user before it. */
function hostOf({ params }: Line, { user }: Machine): string {
  const said = params[1] ?? '';
  return said.includes('@') || user === undefined ? said : `${user}@${said}`;
}
