/**
 * How far each portal's room is accounted for, and what was missed. What was lost before this step is
 * not looked for: whatever is in the journal counts as what everything older had come with.
 */
export const accounted = `
ALTER TABLE portal ADD COLUMN accounted_event TEXT;
ALTER TABLE portal ADD COLUMN accounted_place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE portal ADD COLUMN accounted_at_ms INTEGER NOT NULL DEFAULT 0;
UPDATE portal SET accounted_place = (SELECT COALESCE(MAX(seq), 0) FROM matrix_event),
  accounted_at_ms = unixepoch() * 1000;

-- Newer ones of its room were worked before it.
ALTER TABLE matrix_event ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
-- NULL: it is for every portal of its room.
ALTER TABLE matrix_event ADD COLUMN last_portal INTEGER;

-- Whole, as an event can only change its place where SQLite sees at once that no delivery refers to it.
DROP INDEX delivery_needs_event;
CREATE INDEX delivery_event ON delivery (event);
`;
