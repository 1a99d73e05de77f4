"""What each command does. It prints JSON, one line for each thing there is to say."""

from __future__ import annotations

import argparse
import json
import mimetypes
import sys
import time
from pathlib import Path
from typing import Any, List
from urllib.parse import urlsplit

from . import container, content, listening, outbox, people, trust
from .gatekeeper import Gatekeeper, NotReady, access_status
from .gatekeeper import request_access as request_access_to
from .media import fetch_file, host_file
from .media_server import media_server
from .reading import read_container
from .state import State


def _say(told: Any) -> None:
    print(json.dumps(told), flush=True)


def request_access(state: State, options: argparse.Namespace) -> None:
    if options.ca is not None:
        state.keep("ca", str(Path(options.ca).resolve()))
    domains = []
    if options.media_url is not None:
        state.keep("media_url", options.media_url.rstrip("/"))
        domains = [urlsplit(options.media_url).hostname]
    asked = {
        "domain": options.domain,
        "name": "BobChat",
        "contacts": [options.contact],
        "functions": ["dm", "dm.files"],
        "security_equivalence": {"suites": ["e2b/1"], "audits": []},
        "media_domains": domains,
    }
    _say(request_access_to(state, options.gatekeeper.rstrip("/"), asked))


def status(state: State, options: argparse.Namespace) -> None:
    _say(access_status(state))


def enlist(state: State, options: argparse.Namespace) -> None:
    _say(people.enlist(state, Gatekeeper(state), options.name))


def answer(state: State, options: argparse.Namespace) -> None:
    _say(people.answer_challenge(state, Gatekeeper(state), options.name, options.code))


def lookup(state: State, options: argparse.Namespace) -> None:
    for result in people.look_up(state, Gatekeeper(state), options.name, [options.id]):
        _say(result)


def devices(state: State, options: argparse.Namespace) -> None:
    """Only of those whom one talks to."""
    gatekeeper = Gatekeeper(state)
    conv_id = people.conversation_with(state, gatekeeper, options.name, options.to)
    peer_ref = people.peer_in(state, options.name, conv_id)
    user_ref = people.user_named(state, options.name)["user_ref"]
    listed = gatekeeper.call("GET", f"/users/{peer_ref}/devices", None, user_ref).body
    key, found = trust.verified_devices(listed.get("list", ""), peer_ref, time.time())
    trust.remember(state, peer_ref, key)
    _say({"user_ref": peer_ref, "v": listed["v"], "account_key": key, "devices": found})


def send(state: State, options: argparse.Namespace) -> None:
    words = sys.stdin.read().splitlines() if options.text == "-" else [options.text]
    user_ref = people.user_named(state, options.name)["user_ref"]
    _put(state, options, [_message(state, options, user_ref, text) for text in words])


def _message(state: State, options: argparse.Namespace, user_ref: str, text: str) -> container.Container:
    if options.edit is not None:
        return content.edit(outbox.first_version(state, user_ref, options.edit), text)
    if options.react_to is not None:
        return content.reaction(options.react_to, text)
    return content.text(text, options.reply_to)


def remove(state: State, options: argparse.Namespace) -> None:
    user_ref = people.user_named(state, options.name)["user_ref"]
    first = outbox.first_version(state, user_ref, options.message)
    row = state.one("select kind from messages where id = ?", first)
    _put(state, options, [content.removal(first, row is not None and row["kind"] == "reaction")])


def send_file(state: State, options: argparse.Namespace) -> None:
    path = Path(options.path)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    _put(state, options, [content.file(host_file(state, path, kind))])


def _put(state: State, options: argparse.Namespace, messages: List[container.Container]) -> None:
    """Prints what is kept to be said as soon as it is on disk, and then what came of all that waited."""
    gatekeeper = Gatekeeper(state)
    conv_id = people.conversation_with(state, gatekeeper, options.name, options.to)
    for message in messages:
        _say({"kept": outbox.put(state, gatekeeper, options.name, conv_id, message), "conv_id": conv_id})
    for result in outbox.deliver(state, gatekeeper):
        _say(result)


def save_file(state: State, options: argparse.Namespace) -> None:
    row = state.one("select container from messages where id = ?", options.message)
    files = [] if row is None else content.files_of(read_container(row["container"]))
    if len(files) != 1:
        raise NotReady(f"{options.message.hex()} is no message with a file")
    (part,) = files
    fetch_file(Gatekeeper(state), part, Path(options.path))
    _say({"saved": options.path, "name": part.filename, "type": part.content_type})


def typing(state: State, options: argparse.Namespace) -> None:
    gatekeeper = Gatekeeper(state)
    conv_id = people.conversation_with(state, gatekeeper, options.name, options.to)
    body = {"kind": "typing", "sender_device": people.DEVICE, "active": True, "ttl_ms": 10000}
    user_ref = people.user_named(state, options.name)["user_ref"]
    gatekeeper.call("POST", f"/conversations/{conv_id}/ephemeral", body, user_ref)


def read(state: State, options: argparse.Namespace) -> None:
    row = state.one("select * from messages where id = ? and seq is not null", options.message)
    if row is None:
        raise NotReady(f"{options.message.hex()} is nothing that was heard")
    user_ref = people.user_named(state, options.name)["user_ref"]
    listening.send_receipt(Gatekeeper(state), user_ref, row["conv_id"], "read", row["msg_id"], row["seq"])


def listen(state: State, options: argparse.Namespace) -> None:
    newest = state.one("select coalesce(max(n), 0) as n from heard")
    after = options.after if options.after is not None else newest["n"] if newest else 0
    try:
        with outbox.held(state, "listen", wait=False):
            listening.listen(state, after, _say)
    except BlockingIOError:
        raise NotReady("Another process listens already; the gatekeeper has one reader at a time") from None


def serve_media(state: State, options: argparse.Namespace) -> None:
    with media_server(state, (options.host, options.port), options.cert, options.key) as server:
        _say({"serving": server.server_address[1]})
        server.serve_forever()
