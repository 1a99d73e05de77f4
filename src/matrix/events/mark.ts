import type { Mark } from '../../ports/matrix.ts';
import { count, type Json, object, text } from '../../util/fields.ts';

const KEY = 'dev.drawbridge.mark';

/** The mark, as a field of an event's content: at its top, where encryption leaves it readable. */
export const markContent = (mark: Mark): Json => ({
  [KEY]: {
    id: mark.marker,
    ...(mark.portal === undefined ? {} : { portal: mark.portal }),
  },
});

export function readMark(content: Json): Mark | undefined {
  const mark = object(content, KEY);
  const marker = text(mark, 'id');
  if (marker === undefined) return undefined;
  const portal = count(mark, 'portal');
  return { marker, ...(portal === undefined ? {} : { portal }) };
}
