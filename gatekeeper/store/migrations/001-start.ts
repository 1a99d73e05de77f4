export const start = `
CREATE TABLE providers (
  integrator INTEGER PRIMARY KEY AUTOINCREMENT,
  request_id TEXT NOT NULL UNIQUE,
  domain TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  request TEXT NOT NULL,
  trusts_auth INTEGER NOT NULL DEFAULT 0,
  bridges_only INTEGER NOT NULL DEFAULT 0,
  requested_ms INTEGER NOT NULL,
  since_ms INTEGER NOT NULL,
  due_ms INTEGER NOT NULL,
  note TEXT
) STRICT;
CREATE UNIQUE INDEX providers_by_domain ON providers (domain) WHERE state <> 'ended';

-- Local and remote ones alike: integrator 0 is the gatekeeper.
CREATE TABLE users (
  user_ref TEXT PRIMARY KEY,
  integrator INTEGER NOT NULL,
  provider TEXT NOT NULL,
  visible_id TEXT NOT NULL,
  state TEXT NOT NULL,
  name TEXT NOT NULL,
  avatar_ref TEXT,
  discoverable INTEGER NOT NULL,
  tos_version TEXT NOT NULL,
  account_key TEXT,
  list_v INTEGER NOT NULL DEFAULT 0,
  list TEXT,
  password TEXT,
  reason TEXT,
  created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX users_by_id ON users (integrator, visible_id) WHERE state <> 'deleted';
CREATE INDEX users_by_visible_id ON users (visible_id);
CREATE INDEX users_by_name ON users (name COLLATE NOCASE);

CREATE TABLE challenges (
  user_ref TEXT PRIMARY KEY,
  challenge_id TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  tries_left INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  token_hash BLOB PRIMARY KEY,
  user_ref TEXT NOT NULL,
  device TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_ref, device);

CREATE TABLE blocks (
  user_ref TEXT NOT NULL,
  blocked_ref TEXT NOT NULL,
  PRIMARY KEY (user_ref, blocked_ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
  user_ref TEXT NOT NULL,
  device TEXT NOT NULL,
  kind TEXT NOT NULL,
  operator TEXT,
  purpose TEXT,
  keys TEXT NOT NULL,
  -- The version of the list since which it is there with these keys.
  since_v INTEGER NOT NULL,
  PRIMARY KEY (user_ref, device)
) STRICT, WITHOUT ROWID;

-- What was handed out keeps its hash, and loses its body.
CREATE TABLE key_packages (
  id INTEGER PRIMARY KEY,
  user_ref TEXT NOT NULL,
  device TEXT NOT NULL,
  suite TEXT NOT NULL,
  hash BLOB NOT NULL,
  body TEXT,
  UNIQUE (user_ref, device, suite, hash)
) STRICT;
CREATE INDEX key_packages_left ON key_packages (user_ref, device, suite, id) WHERE body IS NOT NULL;

CREATE TABLE last_resorts (
  user_ref TEXT NOT NULL,
  device TEXT NOT NULL,
  suite TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (user_ref, device, suite)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  conv_id TEXT NOT NULL UNIQUE,
  suite TEXT NOT NULL,
  -- The smaller ref first, so that the pair is found whoever asks.
  one_ref TEXT NOT NULL,
  other_ref TEXT NOT NULL,
  epoch INTEGER NOT NULL DEFAULT 0,
  last_seq INTEGER NOT NULL DEFAULT 0,
  level TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  UNIQUE (one_ref, other_ref, suite)
) STRICT;
CREATE INDEX conversations_by_other ON conversations (other_ref, n);

-- Who is in the group after its newest handshake, as its sender said.
CREATE TABLE members (
  conv_id TEXT NOT NULL,
  user_ref TEXT NOT NULL,
  device TEXT NOT NULL,
  since_v INTEGER NOT NULL,
  PRIMARY KEY (conv_id, user_ref, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
  conv_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  msg_id TEXT NOT NULL UNIQUE,
  sender_ref TEXT NOT NULL,
  sender_device TEXT NOT NULL,
  accepted_ms INTEGER NOT NULL,
  PRIMARY KEY (conv_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_by_time ON messages (accepted_ms);

CREATE TABLE idempotency (
  sender_ref TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  answer TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (sender_ref, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_time ON idempotency (at_ms);

CREATE TABLE events (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  stream TEXT NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  to_ref TEXT,
  to_device TEXT,
  conv_id TEXT,
  data TEXT NOT NULL,
  -- Of several with the same one only the newest is kept.
  instead TEXT,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX events_by_stream ON events (stream, n);
CREATE INDEX events_by_time ON events (at_ms);
CREATE UNIQUE INDEX events_instead ON events (stream, instead) WHERE instead IS NOT NULL;

-- Up to where a stream is gone: acknowledged, or too old.
CREATE TABLE streams (
  stream TEXT PRIMARY KEY,
  gone_n INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE used_tokens (
  hash BLOB PRIMARY KEY,
  expires_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_tokens_by_time ON used_tokens (expires_s);

CREATE TABLE media (
  media_id TEXT PRIMARY KEY,
  owner_ref TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  offset_bytes INTEGER NOT NULL DEFAULT 0,
  complete INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
