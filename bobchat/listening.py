"""Listens for good: what is heard is on disk first, then told, then acknowledged."""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from pathlib import Path
from time import sleep
from typing import Any, Callable, Dict

from . import outbox, stream
from .gatekeeper import Gatekeeper
from .hearing import hear, record, typing_of
from .people import DEVICE
from .state import State
from .wire import NoAnswer, Refused, wait_before_retry, waits

Tell = Callable[[Dict[str, Any]], None]
_LOOK_AGAIN_SECONDS = 10.0


def listen(state: State, after: int, tell: Tell) -> None:
    """Tells first what was heard after the number `after`. Returns never. Raises Refused for what cannot be mended."""
    for row in state.all("select n, line from heard where n > ? order by n", after):
        tell({"n": row["n"], **json.loads(row["line"])})
    gatekeeper = Gatekeeper(state)
    beside = _Beside(state.path)
    beside.start()
    pauses = waits()
    while True:
        try:
            for event in stream.events(gatekeeper, state.setting("cursor")):
                pauses = waits()
                _take(state, gatekeeper, event, tell)
                beside.look.set()
        except (Refused, NoAnswer) as error:
            if isinstance(error, Refused) and error.code == "cursor_gone":
                _note_hole(state, error, tell)
            else:
                pause = wait_before_retry(error, pauses)
                print(f"{error}; again in {pause:.1f} s", file=sys.stderr, flush=True)
                sleep(pause)


def _take(state: State, gatekeeper: Gatekeeper, event: Dict[str, Any], tell: Tell) -> None:
    if "cursor" not in event:
        if event["type"] == "typing":
            tell(typing_of(state, event))
        return
    heard = hear(state, gatekeeper, event)
    if heard is not None:
        tell({"n": heard[0], **heard[1]})


def _note_hole(state: State, gone: Refused, tell: Tell) -> None:
    """What lay between is gone for good, and people are told."""
    oldest = gone.problem["oldest"]
    with state.transaction():
        state.keep("cursor", oldest)
        n, told = record(state, f"hole {oldest}", {"event": "hole", "why": str(gone)})
    tell({"n": n, **told})


class _Beside(threading.Thread):
    """Beside the stream: acknowledges, sends receipts, and says what still waits. Each only once it is on disk."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.look = threading.Event()
        self.look.set()
        self._path = path
        self._acknowledged = None

    def run(self) -> None:
        try:
            state = State(self._path)
            gatekeeper = Gatekeeper(state)
            while True:
                self.look.wait(_LOOK_AGAIN_SECONDS)
                self.look.clear()
                for work in (self._acknowledge, self._tell_senders, outbox.deliver):
                    _attempted(work, state, gatekeeper)
        except BaseException:
            # A listener that acknowledges nothing must not look as if all were well.
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)

    def _acknowledge(self, state: State, gatekeeper: Gatekeeper) -> None:
        cursor = state.setting("cursor")
        if cursor is not None and cursor != self._acknowledged:
            gatekeeper.call("POST", "/events/ack", {"cursor": cursor})
            self._acknowledged = cursor

    def _tell_senders(self, state: State, gatekeeper: Gatekeeper) -> None:
        """What arrived: here is where its reader is. That it was read, people say."""
        rows = state.all(
            "select c.*, u.user_ref from conversations c join users u on u.name = c.user where heard_seq > told_seq"
        )
        for row in rows:
            try:
                send_receipt(
                    gatekeeper, row["user_ref"], row["conv_id"], "delivery", row["heard_msg"], row["heard_seq"]
                )
            except Refused as refusal:
                if refusal.may_retry:
                    raise
                # Of somebody who is gone, or suspended: it will be refused however often it comes.
                print(refusal, file=sys.stderr, flush=True)
            state.run(
                "update conversations set told_seq = ? where user = ? and conv_id = ?",
                row["heard_seq"], row["user"], row["conv_id"],
            )  # fmt: skip


def _attempted(work: Callable[[State, Gatekeeper], Any], state: State, gatekeeper: Gatekeeper) -> None:
    """What fails is tried again at the next look."""
    try:
        work(state, gatekeeper)
    except (Refused, NoAnswer) as error:
        print(error, file=sys.stderr, flush=True)


def send_receipt(gatekeeper: Gatekeeper, user_ref: str, conv_id: str, kind: str, msg_id: str, seq: int) -> None:
    body = {"kind": kind, "sender_device": DEVICE, "up_to": {"msg_id": msg_id, "seq": seq}}
    gatekeeper.call("POST", f"/conversations/{conv_id}/ephemeral", body, user_ref)
