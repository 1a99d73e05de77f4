"""The one stream of events of a provider, as server-sent events."""

from __future__ import annotations

import http.client
import json
from typing import Any, Dict, Iterable, Iterator, List, Optional

from .gatekeeper import BASE, Gatekeeper
from .wire import NoAnswer

# There is a sign of life every 15 s.
_SILENT_SECONDS = 45.0
_LONGEST_LINE = 4 * 1024 * 1024


def events(gatekeeper: Gatekeeper, cursor: Optional[str]) -> Iterator[Dict[str, Any]]:
    """Those behind the cursor, for as long as the connection lasts. Raises Refused, and NoAnswer at its end."""
    target = f"{BASE}/events"
    headers = {"Accept": "text/event-stream", **gatekeeper.authorize()("GET", gatekeeper.origin + target, b"")}
    if cursor is not None:
        headers["Last-Event-ID"] = cursor
    wire = gatekeeper.wire
    wire.close()  # The stream has a connection of its own, with another patience.
    response = wire.request("GET", target, b"", headers, _SILENT_SECONDS)
    try:
        if response.status != 200:
            wire.read(response)
        yield from parse(_lines(response))
    finally:
        wire.close()


def _lines(response: http.client.HTTPResponse) -> Iterator[str]:
    while True:
        try:
            line = response.readline(_LONGEST_LINE)
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(f"The stream broke off: {error}") from error
        if not line.endswith(b"\n"):
            raise NoAnswer("The stream was ended")
        yield line.decode("utf-8").rstrip("\r\n")


def parse(lines: Iterable[str]) -> Iterator[Dict[str, Any]]:
    """The `data` of each block. What breaks off within a block is nothing."""
    data: List[str] = []
    for line in lines:
        name, _, value = line.partition(":")
        if name == "data":
            data.append(value[1:] if value.startswith(" ") else value)
        elif line == "" and data:
            yield json.loads("\n".join(data))
            data = []
