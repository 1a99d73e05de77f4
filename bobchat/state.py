"""All that BobChat has to remember, in one SQLite file. Whatever is done here is on disk when it returns."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator, List, Optional

_TABLES = """
create table if not exists settings (name text primary key, value not null) without rowid;
create table if not exists users (
  name text primary key, user_ref text unique, account_seed blob not null,
  device_v integer not null default 0, device_list text, challenge_id text) without rowid;
create table if not exists conversations (
  user text not null, conv_id text not null, peer_ref text, peer_id text, level text,
  heard_seq integer not null default 0, heard_msg text, told_seq integer not null default 0,
  primary key (user, conv_id)) without rowid;
create table if not exists messages (
  id blob primary key, conv_id text not null, sender_ref text not null, kind text not null,
  msg_id text, seq integer, container blob not null) without rowid;
create table if not exists outbox (
  n integer primary key autoincrement, user text not null, conv_id text not null, key text not null unique,
  message blob not null, body blob not null, state text not null default 'waiting', note text);
create index if not exists waiting on outbox (n) where state = 'waiting';
create table if not exists account_keys (user_ref text primary key, key text not null) without rowid;
create table if not exists heard (
  n integer primary key autoincrement, event_id text not null unique, line text not null);
"""


class State:
    """One connection, for one thread. Several processes may have the file open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        self._db.executescript(_TABLES)
        path.chmod(0o600)  # The keys are in it.

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing, also if the process is killed within."""
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def run(self, sql: str, *values: Any) -> int:
        """How many rows it changed."""
        return self._db.execute(sql, values).rowcount

    def one(self, sql: str, *values: Any) -> Optional[sqlite3.Row]:
        found: Optional[sqlite3.Row] = self._db.execute(sql, values).fetchone()
        return found

    def all(self, sql: str, *values: Any) -> List[sqlite3.Row]:
        return self._db.execute(sql, values).fetchall()

    def setting(self, name: str) -> Any:
        """None if it was never set."""
        row = self.one("select value from settings where name = ?", name)
        return None if row is None else row["value"]

    def keep(self, name: str, value: Any) -> None:
        self.run("insert or replace into settings values (?, ?)", name, value)
