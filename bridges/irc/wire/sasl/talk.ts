import { buildLine, type Line } from '../line.ts';
import type { Account } from './account.ts';
import { firstTurn, type MechanismName, mechanismsFor } from './mechanism.ts';
import { NotTrusted, type Turn } from './turn.ts';

/** How far the proof of an account is. Plain: each line makes the next one. */
export interface Talk {
  readonly account: Account;
  /** Under way, and what is tried after it. */
  readonly mechanisms: readonly MechanismName[];
  /** Absent: all that there is to say was said. */
  readonly turn?: Turn;
  /** The server has asked for more than the name of the mechanism. */
  readonly isChallenged: boolean;
  /** A challenge that is not whole yet, in base64. */
  readonly heard: string;
}

/** What came of it. `refused`: with the reason, for the operator. */
export type Outcome = { readonly is: 'proved' } | { readonly is: 'refused'; readonly text: string };

export interface Said {
  readonly talk: Talk;
  readonly send: readonly string[];
  readonly outcome?: Outcome;
}

/** A challenge or an answer comes in pieces of this length; one that is shorter is the last. */
const PIECE = 400;
/** No mechanism needs more: a server may not fill our memory. */
const LONGEST_CHALLENGE = 16_384;

/** @param offered as the server lists the mechanisms. Absent: it does not say. */
export function beginTalk(account: Account, offered: string | undefined): Said {
  return tryNext(account, mechanismsFor(account, offered), 'it offers no way of ours to prove it');
}

function tryNext(account: Account, mechanisms: readonly MechanismName[], otherwise: string): Said {
  const [name] = mechanisms;
  const talk = { account, mechanisms, isChallenged: false, heard: '' };
  if (name === undefined) return refused(talk, otherwise);
  return {
    talk: { ...talk, turn: firstTurn[name](account) },
    send: [buildLine('AUTHENTICATE', [name])],
  };
}

/** Takes in a line. `undefined`: it is about something else. */
export function heardInTalk(talk: Talk, line: Line): Said | undefined {
  switch (line.command) {
    case 'AUTHENTICATE':
      return challenged(talk, line.params[0] ?? '');
    case '903':
    case '907':
      return { talk, send: [], outcome: { is: 'proved' } };
    case '902':
    case '904':
    case '905':
    case '906':
      return failed(talk, line.params.at(-1) ?? '');
    default:
      return undefined;
  }
}

/** Before it has asked for anything, it is the mechanism that is refused, not the password. */
function failed({ account, mechanisms, isChallenged, ...talk }: Talk, text: string): Said {
  if (!isChallenged && mechanisms.length > 1) return tryNext(account, mechanisms.slice(1), text);
  return refused({ account, mechanisms, isChallenged, ...talk }, text);
}

function challenged(talk: Talk, piece: string): Said {
  const heard = talk.heard + (piece === '+' ? '' : piece);
  if (heard.length > LONGEST_CHALLENGE) return refused(talk, 'it asks without end');
  if (piece.length >= PIECE) return { talk: { ...talk, heard }, send: [] };
  try {
    return answered(talk, Buffer.from(heard, 'base64'));
  } catch (error) {
    if (!(error instanceof NotTrusted)) throw error;
    return { ...refused(talk, error.message), send: [buildLine('AUTHENTICATE', ['*'])] };
  }
}

function answered({ turn, ...talk }: Talk, challenge: Buffer): Said {
  if (!turn) return refused(talk, 'it asks for more than there is to say');
  const { answer, next } = turn.answer(challenge);
  return {
    talk: { ...talk, isChallenged: true, heard: '', ...(next && { turn: next }) },
    send: pieces(answer.toString('base64')).map((piece) => buildLine('AUTHENTICATE', [piece])),
  };
}

/** The last is shorter than the others, if need be empty. */
function pieces(base64: string): readonly string[] {
  const whole = base64.match(new RegExp(`.{${PIECE}}`, 'g')) ?? [];
  const rest = base64.slice(whole.length * PIECE);
  return [...whole, rest || '+'];
}

const refused = (talk: Talk, text: string): Said => ({
  talk,
  send: [],
  outcome: { is: 'refused', text },
});
