import { first } from './0001-first.ts';
import { accounted } from './0002-accounted.ts';
import { growsAtItsEnd } from './0003-grows-at-its-end.ts';
import { oneRow } from './0004-one-row.ts';
import { movedRooms } from './0005-moved-rooms.ts';
import { seenLately } from './0006-seen-lately.ts';

/** In order, each applied once. The version of a database is how many it has had. Append only. */
export const migrations: readonly string[] = [
  first,
  accounted,
  growsAtItsEnd,
  oneRow,
  movedRooms,
  seenLately,
];
