import type { NetworkState } from '../engine/standings.ts';
import type { Amount } from '../ports/journal.ts';
import { roughly, table } from '../util/table.ts';
import { type Command, configFlag, jsonFlag } from './command.ts';
import { askRunning } from './running.ts';
import { settings } from './settings.ts';

/** How the bridge that runs says it stands. */
interface State {
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

/** Says of each network how it stands now, and what else an operator should know. */
export const statusCommand: Command = {
  name: 'status',
  summary: 'Say how the bridge that runs and its networks stand',
  flags: [configFlag, jsonFlag],
  async run(context, input) {
    const state = await askRunning<State>(await settings(context, input), 'state');
    const { out } = context.io;
    if (input.options['json'] === true) out(JSON.stringify(state, null, 2));
    else for (const line of lines(state, Date.now())) out(line);
    return 0;
  },
};

function lines(state: State, nowMs: number): readonly string[] {
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
