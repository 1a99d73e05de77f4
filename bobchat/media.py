"""Files of BobChat's people: encrypted blobs under names that nobody guesses; and those of others, fetched and opened."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import BinaryIO, cast

from .container import External
from .encoding import to_base64url
from .files import AES_128_GCM, SHA_256, FileError, Sealed, open_sealed, seal
from .gatekeeper import BASE, Gatekeeper, NotReady
from .state import State
from .wire import VERSION, persist


def folder_of(state: State) -> Path:
    folder = Path(f"{state.path}.files")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def host_file(state: State, path: Path, content_type: str) -> External:
    """Seals a file and puts it where it is served. It is there, whole, when this returns."""
    address = state.setting("media_url")
    if address is None:
        raise NotReady("There is nowhere to host files: request-access was given no --media-url")
    folder, name = folder_of(state), to_base64url(secrets.token_bytes(32))
    with open(path, "rb") as source, tempfile.NamedTemporaryFile(dir=folder, delete=False) as sink:
        sealed: Sealed = seal(source, cast(BinaryIO, sink))
        sink.flush()
        os.fsync(sink.fileno())
    os.replace(sink.name, folder / name)
    return External(
        content_type=content_type,
        url=f"{address}/{name}",
        expires=0,
        size=sealed.size,
        aead=AES_128_GCM,
        key=sealed.key,
        nonce=sealed.nonce,
        aad=b"",
        hash_algorithm=SHA_256,
        hash=sealed.hash,
        description="",
        filename=path.name,
    )


def fetch_file(gatekeeper: Gatekeeper, part: External, target: Path) -> None:
    """Fetches what a message says. Only from the gatekeeper: a sender must not lead our token elsewhere."""
    if not part.url.startswith(f"{gatekeeper.origin}{BASE}/media/"):
        raise FileError(f"{part.url} does not lie at the gatekeeper")
    path = part.url[len(gatekeeper.origin) :]

    def attempt() -> None:
        signed = gatekeeper.authorize()("GET", part.url, b"")
        response = gatekeeper.wire.request("GET", path, b"", {"GIA-Version": VERSION, **signed})
        if response.status != 200:
            gatekeeper.wire.read(response)
        try:
            open_sealed(cast(BinaryIO, response), part, target)
        finally:
            gatekeeper.wire.close()

    persist(attempt, gatekeeper.patience_s)
