import { Gauge, type Registry } from 'prom-client';
import type { Amount } from '../ports/journal.ts';

/** How the bridge stands at a moment. */
export interface Standing {
  readonly networks: readonly {
    readonly network: string;
    readonly isOpen: boolean;
    readonly voices: number;
  }[];
  readonly amounts: readonly Amount[];
  readonly nowMs: number;
}

/** What is not counted as it happens, but looked at when somebody asks. */
export function lookedAt(registry: Registry): (standing: Standing) => void {
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name: `drawbridge_${name}`, help, labelNames, registers: [registry] });
  const up = gauge('network_up', '1: the network is open', ['network']);
  const voices = gauge('voices_open', 'People of Matrix with a connection of their own', [
    'network',
  ]);
  const lane: ('network' | 'direction')[] = ['network', 'direction'];
  const waiting = gauge('deliveries_waiting', 'What was heard and is not delivered yet', lane);
  const oldest = gauge('oldest_waiting_seconds', 'How long the oldest of it waits; 0: none', lane);
  const dead = gauge('dead_letters', 'What failed or is in doubt, and is kept', lane);

  return ({ networks, amounts, nowMs }) => {
    for (const { network, isOpen, voices: count } of networks) {
      up.set({ network }, Number(isOpen));
      voices.set({ network }, count);
      for (const direction of ['to_network', 'to_matrix'] as const) {
        const of = { network, direction };
        const there = amounts.find((one) => one.network === network && one.direction === direction);
        waiting.set(of, there?.waiting ?? 0);
        oldest.set(of, (nowMs - (there?.oldestAtMs ?? nowMs)) / 1000);
        dead.set(of, there?.dead ?? 0);
      }
    }
  };
}
