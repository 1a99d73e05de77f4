"""What an event means, put on disk in one transaction with the place in the stream: each event counts once."""

from __future__ import annotations

import json
import time
from typing import Any, Dict, Optional, Tuple

from . import container
from .content import said_by
from .encoding import from_base64url
from .gatekeeper import SUITE, Gatekeeper
from .people import keep_conversation
from .reading import read_container
from .state import State

Event = Dict[str, Any]

_TOLD = (
    "message.failed", "receipt", "conversation.created", "conversation.updated", "devices.changed", "identity.changed",
    "user.updated", "user.suspended", "user.restored", "user.deleted", "provider.notice",
)  # fmt: skip


def hear(state: State, gatekeeper: Gatekeeper, event: Event) -> Optional[Tuple[int, Event]]:
    """Gives what is to be told and its number, None where it is nothing, or was told before."""
    with state.transaction():
        state.keep("cursor", event["cursor"])
        if state.one("select 1 from heard where event_id = ?", event["event_id"]) is not None:
            return None
        told = _understand(state, gatekeeper, event)
        return None if told is None else record(state, event["event_id"], told)


def record(state: State, event_id: str, told: Event) -> Tuple[int, Event]:
    state.run("insert into heard (event_id, line) values (?, ?)", event_id, json.dumps(told))
    row = state.one("select n from heard where event_id = ?", event_id)
    assert row is not None
    return row["n"], told


def _understand(state: State, gatekeeper: Gatekeeper, event: Event) -> Optional[Event]:
    kind, data = event["type"], event["data"]
    told = {"event": kind, "user": _user_name(state, event), "conv_id": event.get("conv_id")}
    if kind == "message.new":
        return {**told, **_message(state, gatekeeper, told["user"], event)}
    if kind.startswith("conversation.") and told["user"] is not None:
        keep_conversation(state, told["user"], event["to"]["user_ref"], data)
    if kind == "user.deleted":
        state.run("update users set device_v = 0, device_list = null where user_ref = ?", data["user_ref"])
    return {**told, "data": data} if kind in _TOLD else None


def typing_of(state: State, event: Event) -> Event:
    """Of now only: neither kept nor numbered."""
    return {"event": "typing", "user": _user_name(state, event), "conv_id": event.get("conv_id"), "data": event["data"]}


def _user_name(state: State, event: Event) -> Optional[str]:
    row = state.one("select name from users where user_ref = ?", event.get("to", {}).get("user_ref"))
    return None if row is None else row["name"]


def _message(state: State, gatekeeper: Gatekeeper, user: Optional[str], event: Event) -> Event:
    data, conv_id = event["data"], event["conv_id"]
    sender_ref = data["from"]["user_ref"]
    told = {"from": sender_ref, "device": data["from"]["device"], "msg_id": data["msg_id"], "seq": data["seq"]}
    _arrived(state, user, event)
    try:
        body = from_base64url(data["body"])
        if data["suite"] != SUITE or data["type"] != "application":
            raise container.ContainerError(f"It is said in {data['suite']}, as {data['type']}")
        message = read_container(body, time.time())
        message_id = container.message_id(gatekeeper.user_uri(sender_ref), gatekeeper.room_uri(conv_id), body)
        said = said_by(message)
        _check_author(state, message, sender_ref, conv_id)
    except ValueError as error:
        return {**told, "said": "unshowable", "why": str(error)}
    state.run(
        "insert or ignore into messages (id, conv_id, sender_ref, kind, msg_id, seq, container)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        message_id, conv_id, sender_ref, said["said"], data["msg_id"], data["seq"], body,
    )  # fmt: skip
    return {**told, "id": message_id.hex(), **said}


def _arrived(state: State, user: Optional[str], event: Event) -> None:
    """So that its sender gets a receipt, also after a crash."""
    conv_id, data = event["conv_id"], event["data"]
    state.run("insert or ignore into conversations (user, conv_id) values (?, ?)", user or "", conv_id)
    state.run(
        "update conversations set heard_seq = ?, heard_msg = ? where user = ? and conv_id = ? and heard_seq < ?",
        data["seq"], data["msg_id"], user or "", conv_id, data["seq"],
    )  # fmt: skip


def _check_author(state: State, message: container.Container, sender_ref: str, conv_id: str) -> None:
    """Only what the same user said there may be edited or taken back."""
    if message.replaces is None:
        return
    first = state.one("select sender_ref, conv_id from messages where id = ?", message.replaces)
    if first is None:
        raise container.ContainerError("It replaces what is not known here")
    if (first["sender_ref"], first["conv_id"]) != (sender_ref, conv_id):
        raise container.ContainerError("It replaces what somebody else said, or elsewhere")
