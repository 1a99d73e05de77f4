import { chance } from './chance.ts';

/** What happens to a send instead of a plain answer. Shares of 1. */
export interface Faults {
  readonly limited: number;
  readonly broken: number;
  /** The connection is cut, before or after the effect by turns. */
  readonly cut: number;
}

export type Fault = 'limited' | 'broken' | 'cut-before' | 'cut-after' | undefined;

/** Decides by chance, the same in every run. */
export function faultsBy({ limited, broken, cut }: Faults): () => Fault {
  const random = chance(11);
  let cuts = 0;
  return () => {
    const drawn = random();
    if (drawn < limited) return 'limited';
    if (drawn < limited + broken) return 'broken';
    if (drawn >= limited + broken + cut) return undefined;
    return cuts++ % 2 === 0 ? 'cut-before' : 'cut-after';
  };
}
