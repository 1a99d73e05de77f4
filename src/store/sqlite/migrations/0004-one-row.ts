/**
 * A remote event and its way to its first portal are one row; another portal's is a copy. Most chats have
 * one portal, and what is one row is written, found and ended once.
 */
export const oneRow = `
CREATE TABLE event_from_network (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  chat INTEGER NOT NULL REFERENCES chat (id),
  -- A copy has none.
  key TEXT,
  -- Whose copy it is. NULL: it is what was heard itself.
  copy_of INTEGER,
  -- NULL: none was found, or not yet.
  portal INTEGER,
  -- NULL: nobody needs it any more. A row with a key stays for good.
  json TEXT,
  received_at_ms INTEGER NOT NULL,
  -- 'new': in the lane of its chat. 'open': in that of its portal. 'dead': kept for a person to look at.
  state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'open', 'dead', 'done')),
  reason TEXT,
  ended_at_ms INTEGER
) STRICT;

-- The first is one that waits, where there is one, as a copy gets a place behind all that is there.
INSERT INTO event_from_network (seq, chat, key, portal, json, received_at_ms, state, reason, ended_at_ms)
SELECT e.seq, e.chat, e.key, d.portal, e.json, e.received_at_ms,
  CASE WHEN e.state = 'new' THEN 'new' ELSE COALESCE(d.state, 'done') END, d.reason, d.ended_at_ms
FROM remote_event e LEFT JOIN remote_delivery d ON d.id = (
  SELECT id FROM remote_delivery WHERE event = e.seq ORDER BY state = 'open' DESC, id LIMIT 1);

-- A number that was ever used is not used again.
DELETE FROM sqlite_sequence WHERE name = 'event_from_network';
INSERT INTO sqlite_sequence (name, seq)
SELECT 'event_from_network', COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'remote_event';

INSERT INTO event_from_network (chat, copy_of, portal, json, received_at_ms, state, reason, ended_at_ms)
SELECT e.chat, e.seq, d.portal, e.json, e.received_at_ms, d.state, d.reason, d.ended_at_ms
FROM remote_delivery d JOIN remote_event e ON e.seq = d.event
WHERE d.id <> (
  SELECT id FROM remote_delivery WHERE event = e.seq ORDER BY state = 'open' DESC, id LIMIT 1)
ORDER BY d.id;

DROP TABLE remote_delivery;
DROP TABLE remote_event;
ALTER TABLE event_from_network RENAME TO remote_event;
-- As keys often grow, by them first: then what shares a commit shares a page of the index.
CREATE UNIQUE INDEX remote_event_key ON remote_event (key, chat) WHERE key IS NOT NULL;
CREATE INDEX remote_event_lane ON remote_event (chat) WHERE state = 'new';
CREATE INDEX remote_event_portal_lane ON remote_event (portal) WHERE state = 'open';
CREATE INDEX remote_event_dead ON remote_event (ended_at_ms) WHERE state = 'dead';
`;
