/** Of each room the newest events that the last look has found, their ids as a JSON list. */
export const seenLately = `
CREATE TABLE seen_lately (
  room_id TEXT PRIMARY KEY,
  ids TEXT NOT NULL,
  last_portal INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
