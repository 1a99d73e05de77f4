import type { MatrixEventKind } from '../ports/matrix.ts';

/** Whether what people do is carried to the networks, by kind. */
export const isBridged: { readonly [K in MatrixEventKind]: boolean } = {
  message: true,
  edit: true,
  redaction: true,
  reaction: true,
  member: true,
  title: true,
  power: true,
  unsupported: true,
  'encryption-on': false,
  encrypted: false,
  tombstone: false,
  policy: false,
  ignored: false,
};
