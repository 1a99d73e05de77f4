"""What people say waits here until the gatekeeper has it. It is written down before the first attempt, with the key and
the bytes of every attempt: whatever is killed, it is said once, and in order."""

from __future__ import annotations

import fcntl
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, List, Set

from . import container
from .content import said_by
from .encoding import random_id, to_base64url, to_json
from .gatekeeper import SUITE, Gatekeeper, NotReady
from .people import DEVICE, user_named
from .reading import read_container
from .state import State
from .wire import NoAnswer, Refused


@contextmanager
def held(state: State, what: str, wait: bool = True) -> Iterator[None]:
    """One process at a time. A killed one holds nothing. Raises BlockingIOError instead of waiting."""
    with open(Path(f"{state.path}.{what}.lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield


def put(state: State, gatekeeper: Gatekeeper, name: str, conv_id: str, message: container.Container) -> str:
    """On disk when it returns. Gives the id by which others name the message, in hexadecimal digits."""
    user_ref = user_named(state, name)["user_ref"]
    data = container.encode(message)
    message_id = container.message_id(gatekeeper.user_uri(user_ref), gatekeeper.room_uri(conv_id), data)
    body = to_json(
        {
            "suite": SUITE,
            "sender_device": DEVICE,
            "payloads": [{"to": "group", "type": "application", "body": to_base64url(data)}],
            "client_ts": int(time.time() * 1000),
        }
    )
    with state.transaction():
        state.run(
            "insert into messages (id, conv_id, sender_ref, kind, container) values (?, ?, ?, ?, ?)",
            message_id, conv_id, user_ref, said_by(message)["said"], data,
        )  # fmt: skip
        state.run(
            "insert into outbox (user, conv_id, key, message, body) values (?, ?, ?, ?, ?)",
            name, conv_id, random_id(), message_id, body,
        )  # fmt: skip
    return message_id.hex()


def first_version(state: State, user_ref: str, message_id: bytes) -> bytes:
    """What an edit or a removal names: the first version of something that this user said."""
    row = state.one("select * from messages where id = ?", message_id)
    if row is None or row["sender_ref"] != user_ref:
        raise NotReady(f"{message_id.hex()} is nothing that this user said")
    replaces = read_container(row["container"]).replaces
    return replaces if replaces is not None else bytes(row["id"])


def deliver(state: State, gatekeeper: Gatekeeper) -> List[Dict[str, Any]]:
    """Says what waits, the oldest first. Gives what came of each."""
    done: List[Dict[str, Any]] = []
    stuck: Set[str] = set()
    with held(state, "outbox"):
        for row in state.all("select * from outbox where state = 'waiting' order by n"):
            if row["conv_id"] in stuck:
                continue
            try:
                done.append(_deliver(state, gatekeeper, row))
            except (Refused, NoAnswer) as error:
                # Later; and until then nothing of that conversation overtakes it.
                stuck.add(row["conv_id"])
                done.append({"id": row["message"].hex(), "conv_id": row["conv_id"], "waits": str(error)})
                if isinstance(error, NoAnswer):
                    break
    return done


def _deliver(state: State, gatekeeper: Gatekeeper, row: Any) -> Dict[str, Any]:
    user_ref = user_named(state, row["user"])["user_ref"]
    path = f"/conversations/{row['conv_id']}/messages"
    result: Dict[str, Any] = {"id": row["message"].hex(), "conv_id": row["conv_id"]}
    try:
        headers = {"Idempotency-Key": row["key"]}
        accepted = gatekeeper.call("POST", path, row["body"], user_ref, headers).body
    except Refused as refusal:
        if refusal.may_retry:
            raise
        state.run("update outbox set state = 'refused', note = ? where n = ?", str(refusal), row["n"])
        return {**result, "refused": refusal.code, "detail": str(refusal)}
    with state.transaction():
        state.run("update outbox set state = 'sent' where n = ?", row["n"])
        state.run(
            "update messages set msg_id = ?, seq = ? where id = ?", accepted["msg_id"], accepted["seq"], row["message"]
        )
    return {**result, "seq": accepted["seq"], "msg_id": accepted["msg_id"]}
