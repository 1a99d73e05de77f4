export const first = `
CREATE TABLE portal (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  network TEXT NOT NULL,
  chat TEXT NOT NULL,
  -- '': the chat looks the same to everyone.
  receiver TEXT NOT NULL,
  room_id TEXT NOT NULL,
  owns_room INTEGER NOT NULL,
  origin TEXT NOT NULL,
  -- An unlinked row stays: what is left of its deliveries says through it where it was.
  unlinked INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX portal_link ON portal (network, chat, receiver, room_id) WHERE unlinked = 0;
CREATE INDEX portal_room ON portal (room_id) WHERE unlinked = 0;
CREATE UNIQUE INDEX portal_owner ON portal (room_id) WHERE unlinked = 0 AND owns_room = 1;

CREATE TABLE encrypted_room (room_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE ghost (
  user_id TEXT PRIMARY KEY,
  network TEXT NOT NULL,
  remote_id TEXT NOT NULL,
  name TEXT,
  avatar TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE ghost_room (
  room_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE voice (
  id TEXT PRIMARY KEY,
  network TEXT NOT NULL,
  kind TEXT NOT NULL,
  user_id TEXT,
  is_out INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX voice_network ON voice (network);

CREATE TABLE link (
  portal INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  remote_id TEXT NOT NULL,
  part INTEGER NOT NULL,
  said_by TEXT NOT NULL,
  sender TEXT NOT NULL,
  thread_root TEXT,
  PRIMARY KEY (portal, event_id, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_remote ON link (portal, remote_id);

CREATE TABLE adapter_state (
  -- '': the network instance's own.
  voice TEXT NOT NULL,
  network TEXT NOT NULL,
  key TEXT NOT NULL,
  key_id TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (voice, network, key)
) STRICT;

CREATE TABLE fact (
  name TEXT PRIMARY KEY,
  key_id TEXT NOT NULL,
  sealed BLOB NOT NULL
) STRICT;

CREATE TABLE matrix_event (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  room_id TEXT NOT NULL,
  -- NULL: nobody needs it any more. The id stays for good.
  json TEXT,
  received_at_ms INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'understood', 'poison')),
  -- Known once it is understood.
  sender TEXT,
  reason TEXT,
  ended_at_ms INTEGER
) STRICT;
CREATE INDEX matrix_event_lane ON matrix_event (room_id) WHERE state = 'new';
CREATE INDEX matrix_event_dead ON matrix_event (ended_at_ms) WHERE state = 'poison';

CREATE TABLE kept_aside (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX kept_aside_dead ON kept_aside (at_ms);

CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  event INTEGER NOT NULL REFERENCES matrix_event (seq),
  portal INTEGER NOT NULL,
  -- 'open': in its lane. 'dead': ended, the words kept for a person to look at. 'done': forgotten.
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'dead', 'done')),
  -- NULL: not begun.
  voice TEXT,
  in_doubt INTEGER NOT NULL DEFAULT 0,
  begun_at_ms INTEGER,
  -- NULL: nobody put it back into its lane.
  retried_at_ms INTEGER,
  outcome TEXT CHECK (outcome IN ('delivered', 'failed', 'unknown')),
  reason TEXT,
  ended_at_ms INTEGER
) STRICT;
CREATE INDEX delivery_lane ON delivery (portal) WHERE state = 'open';
CREATE INDEX delivery_dead ON delivery (ended_at_ms) WHERE state = 'dead';
CREATE INDEX delivery_needs_event ON delivery (event) WHERE state <> 'done';

CREATE TABLE part (
  delivery INTEGER NOT NULL REFERENCES delivery (id),
  part INTEGER NOT NULL,
  key TEXT NOT NULL,
  wire BLOB,
  -- A JSON array, once it is sent.
  ids TEXT,
  -- The first event that came back with the key.
  echo_kind TEXT,
  echo_id TEXT,
  PRIMARY KEY (delivery, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX part_key ON part (key);

CREATE TABLE notice (
  delivery INTEGER PRIMARY KEY REFERENCES delivery (id),
  room_id TEXT NOT NULL,
  notice_id TEXT,
  due INTEGER NOT NULL,
  -- Grows with each change that is to be told.
  revision INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX notice_lane ON notice (room_id) WHERE due = 1;

CREATE TABLE chat (
  id INTEGER PRIMARY KEY,
  network TEXT NOT NULL,
  chat TEXT NOT NULL,
  receiver TEXT NOT NULL,
  newest_id TEXT,
  newest_at_ms INTEGER,
  UNIQUE (network, chat, receiver)
) STRICT;

CREATE TABLE remote_event (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  chat INTEGER NOT NULL REFERENCES chat (id),
  key TEXT,
  -- NULL: nobody needs it any more. A row with a key stays for good.
  json TEXT,
  received_at_ms INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'understood'))
) STRICT;
CREATE UNIQUE INDEX remote_event_key ON remote_event (chat, key) WHERE key IS NOT NULL;
CREATE INDEX remote_event_lane ON remote_event (chat) WHERE state = 'new';

CREATE TABLE remote_delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  event INTEGER NOT NULL REFERENCES remote_event (seq),
  portal INTEGER NOT NULL,
  -- What is delivered is deleted.
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'dead')),
  reason TEXT,
  ended_at_ms INTEGER
) STRICT;
CREATE INDEX remote_delivery_lane ON remote_delivery (portal) WHERE state = 'open';
CREATE INDEX remote_delivery_dead ON remote_delivery (ended_at_ms) WHERE state = 'dead';
CREATE INDEX remote_delivery_event ON remote_delivery (event);
`;
