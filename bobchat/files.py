"""Files at rest: encrypted by AES-128-GCM, with the tag as their end. Read and written in pieces, whatever their size."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .container import External

AES_128_GCM, SHA_256 = 1, 1
TAG_BYTES = 16
MOST_BYTES = 512 * 1024 * 1024
_PIECE = 1 << 16


class FileError(Exception):
    """A file that is not to be used, in no part."""


@dataclass(frozen=True)
class Sealed:
    key: bytes
    nonce: bytes
    size: int
    hash: bytes


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    while True:
        piece = source.read(_PIECE)
        if not piece:
            return
        yield piece


def seal(source: BinaryIO, sink: BinaryIO) -> Sealed:
    """A new key and nonce for each file."""
    key, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    encryptor = Cipher(algorithms.AES(key), modes.GCM(nonce)).encryptor()
    digest, size = hashlib.sha256(), 0

    def put(data: bytes) -> None:
        nonlocal size
        size += len(data)
        if size > MOST_BYTES:
            raise FileError(f"A file has at most {MOST_BYTES} bytes, encrypted")
        digest.update(data)
        sink.write(data)

    for piece in _pieces(source):
        put(encryptor.update(piece))
    put(encryptor.finalize() + encryptor.tag)
    return Sealed(key, nonce, size, digest.digest())


def open_sealed(source: BinaryIO, part: External, target: Path) -> None:
    """Writes the file once its hash and its tag were checked; until then it has another name. Raises FileError."""
    _check_kind(part)
    target = target.resolve()
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with open(beside, "xb") as sink:
            _decrypt(source, part, sink)
            sink.flush()
            os.fsync(sink.fileno())
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def _check_kind(part: External) -> None:
    if part.aead != AES_128_GCM or part.hash_algorithm != SHA_256 or part.aad != b"":
        raise FileError("It is encrypted or hashed in a way that is unknown")
    if len(part.key) != 16 or len(part.nonce) != 12 or not TAG_BYTES <= part.size <= MOST_BYTES:
        raise FileError("Its key, nonce or size cannot be")


def _decrypt(source: BinaryIO, part: External, sink: BinaryIO) -> None:
    decryptor = Cipher(algorithms.AES(part.key), modes.GCM(part.nonce)).decryptor()
    digest, size, held = hashlib.sha256(), 0, b""
    for piece in _pieces(source):
        size += len(piece)
        if size > part.size:
            raise FileError("It is longer than the message says")
        digest.update(piece)
        held += piece
        sink.write(decryptor.update(held[:-TAG_BYTES]))
        held = held[-TAG_BYTES:]
    if size != part.size or digest.digest() != part.hash:
        raise FileError("It is not the file that the message is about")
    try:
        sink.write(decryptor.finalize_with_tag(held))
    except InvalidTag:
        raise FileError("Its tag is wrong") from None
