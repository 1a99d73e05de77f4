"""The media domain: serves encrypted files over TLS. Whoever calls is told nothing but what they know the name of."""

from __future__ import annotations

import os
import re
import ssl
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO, Match, Tuple

from .media import folder_of
from .state import State

_NAME = re.compile(r"/([A-Za-z0-9_-]{43})")
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_PIECE = 1 << 16


def media_server(state: State, address: Tuple[str, int], cert: str, key: str) -> ThreadingHTTPServer:
    """Listens already, and serves once it is told to."""
    folder = folder_of(state)

    class Handler(_BlobHandler):
        blobs = folder

    server = ThreadingHTTPServer(address, Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    # Hands are shaken by the thread of a connection, so that none holds up the others.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return server


class _BlobHandler(BaseHTTPRequestHandler):
    blobs: Path
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._serve(with_body=True)

    def do_HEAD(self) -> None:
        self._serve(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Who fetches what is nobody's business."""

    def _serve(self, with_body: bool) -> None:
        named = _NAME.fullmatch(self.path)
        try:
            blob = open(self.blobs / named[1], "rb") if named else None
        except FileNotFoundError:
            blob = None
        if named is None or blob is None:
            return self._head(HTTPStatus.NOT_FOUND, 0)
        with blob:
            size = os.fstat(blob.fileno()).st_size
            asked = _RANGE.fullmatch(self.headers.get("Range", ""))
            start, end = (0, size) if asked is None else _asked_for(asked, size)
            if start >= end:
                return self._head(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, 0, f"bytes */{size}")
            if asked is None:
                self._head(HTTPStatus.OK, size, etag=named[1])
            else:
                self._head(HTTPStatus.PARTIAL_CONTENT, end - start, f"bytes {start}-{end - 1}/{size}", named[1])
            if with_body:
                self._send(blob, start, end)

    def _head(self, status: HTTPStatus, length: int, content_range: str = "", etag: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(length))
        self.send_header("Accept-Ranges", "bytes")
        if content_range:
            self.send_header("Content-Range", content_range)
        if etag:
            self.send_header("ETag", f'"{etag}"')
        self.end_headers()

    def _send(self, blob: BinaryIO, start: int, end: int) -> None:
        blob.seek(start)
        while start < end:
            piece = blob.read(min(_PIECE, end - start))
            self.wfile.write(piece)
            start += len(piece)


def _asked_for(asked: Match[str], size: int) -> Tuple[int, int]:
    """From where to before where. A range in another form is passed over, as HTTP allows: all is sent."""
    return int(asked[1]), min(int(asked[2]) + 1, size) if asked[2] else size
