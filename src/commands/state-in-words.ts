import type { NetworkState } from '../engine/standings.ts';
import type { Amount } from '../ports/journal.ts';
import { roughly, table } from '../util/table.ts';

/** How the bridge that runs says it stands. */
export interface State {
  readonly networks: readonly NetworkState[];
  readonly amounts: readonly Amount[];
  readonly isDraining: boolean;
  readonly needRestart: readonly string[];
  readonly policyProblems: Readonly<Record<string, string>>;
}

const header = [
  'NETWORK',
  'STATE',
  'VOICES',
  'HELD BACK',
  'WAITING',
  'OLDEST',
  'DEAD',
  'LAST ERROR',
];

/** How the bridge stands, as it is printed and as the bot says it. */
export function stateInWords(state: State, nowMs: number): readonly string[] {
  return [
    ...table(
      header,
      state.networks.map((one) => row(one, state, nowMs)),
    ),
    ...(state.isDraining ? ['It is draining, and ends after that.'] : []),
    ...(state.needRestart.length > 0
      ? [`After the next start: ${state.needRestart.join(', ')}`]
      : []),
    ...Object.entries(state.policyProblems).map(
      ([room, why]) => `The policy room ${room} cannot be read: ${why}`,
    ),
  ];
}

function row(one: NetworkState, { amounts }: State, nowMs: number): readonly string[] {
  const its = amounts.filter(({ network }) => network === one.network);
  const of = (wanted: Amount['direction']) => its.find(({ direction }) => direction === wanted);
  const oldest = its.flatMap(({ oldestAtMs = [] }) => oldestAtMs);
  const dead = its.reduce((sum, amount) => sum + amount.dead, 0);
  return [
    one.network,
    one.isOpen ? (one.problem === undefined ? 'connected' : 'away') : 'not open',
    `${one.voices}`,
    `${one.heldBack}`,
    `${of('to_network')?.waiting ?? 0} there, ${of('to_matrix')?.waiting ?? 0} here`,
    oldest.length > 0 ? roughly(nowMs - Math.min(...oldest)) : '',
    `${dead}`,
    one.problem ?? errorOf(one, nowMs),
  ];
}

const errorOf = ({ lastError }: NetworkState, nowMs: number): string =>
  lastError === undefined
    ? ''
    : `${roughly(nowMs - lastError.atMs)} ago${lastError.voice ? `, ${lastError.voice}` : ''}: ${lastError.text}`;
