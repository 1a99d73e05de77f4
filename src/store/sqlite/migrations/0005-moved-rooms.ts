/** Rooms that were replaced by others, which the portals have moved to: the config may name the old one for ever. */
export const movedRooms = `
CREATE TABLE moved_room (
  from_room TEXT PRIMARY KEY,
  to_room TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX moved_room_to ON moved_room (to_room);
`;
