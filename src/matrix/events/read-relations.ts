import type { MatrixEventId } from '../../model/matrix-ids.ts';
import { object, text } from '../../util/fields.ts';
import { ignored, type Reader } from './reader.ts';

/** Since room version 11 the target is in the content, before that beside it; homeservers write both. */
export const redaction: Reader = (source) => {
  const target = text(source.content, 'redacts') ?? text(source.event, 'redacts');
  if (target === undefined) return ignored(source);
  const reason = text(source.content, 'reason');
  return {
    kind: 'redaction',
    ...source.common,
    target: target as MatrixEventId,
    ...(reason === undefined ? {} : { reason }),
  };
};

export const reaction: Reader = (source) => {
  const relation = object(source.content, 'm.relates_to');
  const target = text(relation, 'event_id');
  const emoji = text(relation, 'key');
  // Redacted, or not a reaction at all.
  if (text(relation, 'rel_type') !== 'm.annotation' || target === undefined || !emoji)
    return ignored(source);
  return { kind: 'reaction', ...source.common, target: target as MatrixEventId, emoji };
};

/** Without an algorithm it was redacted. */
export const encrypted: Reader = (source) =>
  text(source.content, 'algorithm') === undefined
    ? ignored(source)
    : { kind: 'encrypted', ...source.common };
