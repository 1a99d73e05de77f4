"""People of BobChat at the gatekeeper: who they are there, their device, and whom they talk to."""

from __future__ import annotations

import sqlite3
from typing import Any, Dict, List

from .gatekeeper import BASE, SUITE, Gatekeeper, NotReady
from .signing import SigningKey, device_list
from .state import State
from .wire import persist

# BobChat's own client is the end: nothing is passed on.
DEVICE = "desktop"


def user_named(state: State, name: str) -> sqlite3.Row:
    row = state.one("select * from users where name = ? and user_ref is not null", name)
    if row is None:
        raise NotReady(f"{name} is not enlisted: enlist {name}")
    return row


def enlist(state: State, gatekeeper: Gatekeeper, name: str) -> Dict[str, Any]:
    """Makes somebody known there, and their device. May be repeated, also after a crash in the middle."""
    state.run("insert or ignore into users (name, account_seed) values (?, ?)", name, SigningKey.new_seed())
    visible_id = f"{name}@{gatekeeper.own_domain}"

    def attempt() -> Dict[str, Any]:
        body = {
            "visible_id": visible_id,
            "user_token": gatekeeper.signer.user(visible_id),
            "profile": {"name": name.capitalize()},
            "consent": {"tos_version": "1", "discoverable": True},
        }
        enlisted: Dict[str, Any] = gatekeeper.wire.call("POST", f"{BASE}/users", body, gatekeeper.authorize()).body
        return enlisted

    user = persist(attempt, gatekeeper.patience_s)
    challenge_id = user.get("challenge", {}).get("challenge_id")
    _keep_user(state, name, user["user_ref"], challenge_id)
    if user["state"] == "active":
        list_device(state, gatekeeper, name)
    return user


def _keep_user(state: State, name: str, user_ref: str, challenge_id: Any) -> None:
    """Whoever was ended there and is enlisted again is another user, with lists of their own."""
    known = state.one("select user_ref from users where name = ?", name)
    with state.transaction():
        if known is not None and known["user_ref"] not in (None, user_ref):
            state.run("update users set device_v = 0, device_list = null where name = ?", name)
        state.run("update users set user_ref = ?, challenge_id = ? where name = ?", user_ref, challenge_id, name)


def answer_challenge(state: State, gatekeeper: Gatekeeper, name: str, answer: str) -> Dict[str, Any]:
    """Passes on what the person was asked by the gatekeeper itself. Not repeated: each attempt counts."""
    row = user_named(state, name)
    body = {"challenge_id": row["challenge_id"], "answer": answer}
    path = f"{BASE}/users/{row['user_ref']}/challenge"
    user: Dict[str, Any] = gatekeeper.wire.call("POST", path, body, gatekeeper.authorize()).body
    list_device(state, gatekeeper, name)
    return user


def list_device(state: State, gatekeeper: Gatekeeper, name: str) -> None:
    """The list is kept before it is put: after a crash the same bytes are put again, which is answered alike."""
    row = user_named(state, name)
    if row["device_list"] is None:
        made = device_list(
            SigningKey(row["account_seed"]),
            row["user_ref"],
            row["device_v"] + 1,
            [{"id": DEVICE, "kind": "desktop", "display": "BobChat"}],
        )
        state.run("update users set device_list = ?, device_v = device_v + 1 where name = ?", made, name)
        row = user_named(state, name)
    path = f"/users/{row['user_ref']}/devices"
    gatekeeper.call("PUT", path, {"list": row["device_list"]}, row["user_ref"])


def look_up(state: State, gatekeeper: Gatekeeper, name: str, visible_ids: List[str]) -> List[Dict[str, Any]]:
    row = user_named(state, name)
    body = {"identifiers": visible_ids}
    results: List[Dict[str, Any]] = gatekeeper.call("POST", "/lookup", body, row["user_ref"]).body["results"]
    return results


def conversation_with(state: State, gatekeeper: Gatekeeper, name: str, to: str) -> str:
    """`to` is a conversation (`cv_…`) of that user, or somebody's whole id. Gives the conv_id."""
    known = state.one(
        "select conv_id from conversations where user = ? and (conv_id = ? or peer_id = ?) and peer_ref is not null",
        name,
        to,
        to,
    )
    if known is not None:
        return str(known["conv_id"])
    user_ref = user_named(state, name)["user_ref"]
    if to.startswith("cv_"):
        conversation = gatekeeper.call("GET", f"/conversations/{to}", None, user_ref).body
    else:
        (found,) = look_up(state, gatekeeper, name, [to])
        if found["status"] != "found":
            raise NotReady(f"{to} is not there, or does not want to be found")
        body = {"type": "dm", "peer": found["user_ref"], "suite": SUITE}
        conversation = gatekeeper.call("POST", "/conversations", body, user_ref).body
    keep_conversation(state, name, user_ref, conversation)
    return str(conversation["conv_id"])


def peer_in(state: State, name: str, conv_id: str) -> str:
    row = state.one("select peer_ref from conversations where user = ? and conv_id = ?", name, conv_id)
    if row is None:
        raise NotReady(f"{conv_id} is no conversation of {name}")
    return str(row["peer_ref"])


def keep_conversation(state: State, name: str, user_ref: str, conversation: Dict[str, Any]) -> None:
    if conversation["suite"] != SUITE:
        return
    others = [it for it in conversation["participants"] if it["user_ref"] != user_ref]
    peer = others[0] if others else conversation["participants"][0]
    state.run(
        "insert into conversations (user, conv_id, peer_ref, peer_id, level) values (?, ?, ?, ?, ?)"
        " on conflict (user, conv_id) do update"
        " set peer_ref = excluded.peer_ref, peer_id = excluded.peer_id, level = excluded.level",
        name, conversation["conv_id"], peer["user_ref"], peer["visible_id"], conversation["level"],
    )  # fmt: skip
