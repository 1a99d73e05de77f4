"""The command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, List, Optional

from . import commands
from .files import FileError
from .gatekeeper import NotReady
from .state import State
from .trust import Untrusted
from .wire import NoAnswer, Refused


def main(argv: Optional[List[str]] = None) -> int:
    """What went wrong is said on stderr, and 1 given; 2 is for a command line that is none."""
    options = _parser().parse_args(argv)
    state = State(options.state)
    try:
        options.run(state, options)
    except (Refused, NoAnswer, NotReady, FileError, Untrusted, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        state.close()
    return 0


def _message_id(text: str) -> bytes:
    data = bytes.fromhex(text)
    if len(data) != 32:
        raise ValueError("An id is 64 hexadecimal digits")
    return data


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bobchat", description="A small messenger, open to a gatekeeper.")
    parser.add_argument("--state", type=Path, default=Path("bobchat.db"), help="where it remembers all")
    subparsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Any, says: str, *names: str) -> argparse.ArgumentParser:
        made = subparsers.add_parser(name, help=says, description=says)
        made.set_defaults(run=run)
        for argument in names:
            made.add_argument(argument, metavar=argument.upper(), type=_message_id if argument == "message" else str)
        return made

    asked = command("request-access", commands.request_access, "asks a gatekeeper to be connected, or how that stands")
    asked.add_argument("--gatekeeper", required=True, metavar="URL", help="such as https://gia.alicechat.example")
    asked.add_argument("--domain", required=True, help="whose people these are")
    asked.add_argument("--contact", required=True, help="a mail address that somebody reads")
    asked.add_argument(
        "--media-url", help="where serve-media is found from outside, such as https://media.bobchat.example"
    )
    asked.add_argument(
        "--ca", help="PEM: whom to believe that it is the gatekeeper, instead of the system's authorities"
    )
    command("status", commands.status, "says how the request for access stands")
    command("enlist", commands.enlist, "makes somebody known to the gatekeeper", "name")
    command("answer", commands.answer, "passes on what the gatekeeper asked that person for", "name", "code")
    command("lookup", commands.lookup, "finds somebody by their whole id", "name", "id")

    command(
        "devices",
        commands.devices,
        "says which devices somebody has, if the key that they are known by says so",
        "name",
        "to",
    )

    send = command("send", commands.send, "says something; `-` says each line of stdin", "name", "to", "text")
    about = send.add_mutually_exclusive_group()
    about.add_argument("--reply-to", metavar="MESSAGE", type=_message_id, help="it answers that")
    about.add_argument("--edit", metavar="MESSAGE", type=_message_id, help="it stands instead of that from now on")
    about.add_argument("--react-to", metavar="MESSAGE", type=_message_id, help="it is a reaction to that")
    command("remove", commands.remove, "takes back what that person said, or reacted with", "name", "to", "message")
    command("send-file", commands.send_file, "sends a file, which serve-media has to serve", "name", "to", "path")
    command("save-file", commands.save_file, "fetches a file that was sent, and opens it", "message", "path")
    command("typing", commands.typing, "says that somebody types", "name", "to")
    command("read", commands.read, "says that a person saw that message, and all before it", "name", "message")

    hears = command(
        "listen", commands.listen, "prints what is heard, each once with a growing number `n`, until it is ended"
    )
    hears.add_argument("--after", type=int, metavar="N", help="what was heard after that first; else only what is new")
    serves = command("serve-media", commands.serve_media, "serves the files that were sent, until it is ended")
    serves.add_argument("--host", default="127.0.0.1")
    serves.add_argument("--port", type=int, default=8449, help="0: one that is free")
    serves.add_argument("--cert", required=True, help="PEM")
    serves.add_argument("--key", required=True, help="PEM")
    return parser
