import type { MatrixEvent } from '../../ports/matrix.ts';
import type { Json } from '../../util/fields.ts';

/** What is the same for every kind. */
export type Common = Omit<MatrixEvent<'ignored'>, 'kind'>;

/** An event to be understood. */
export interface Source {
  readonly common: Common;
  readonly event: Json;
  /** Of the event; empty where it has none. */
  readonly content: Json;
}

/** Understands events of one type. Pure; whatever is in them, it never throws. */
export type Reader = (source: Source) => MatrixEvent;

export const ignored: Reader = ({ common }) => ({ kind: 'ignored', ...common });

export const unsupported = ({ common }: Source, what: string): MatrixEvent => ({
  kind: 'unsupported',
  ...common,
  what,
});
