"""The container of what is said: a MIMI content message, as docs/gia/content.md has it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Tuple, Union

from . import cbor

RENDER, REACTION, INLINE, ATTACHMENT = 1, 2, 4, 6
CHOOSE_ONE, SINGLE_UNIT, PROCESS_ALL = 0, 1, 2


class ContainerError(ValueError):
    """A container that is not to be shown, in no part."""


@dataclass(frozen=True)
class Nothing:
    disposition: int = RENDER
    language: str = ""


@dataclass(frozen=True)
class Single:
    content_type: str
    content: bytes
    disposition: int = RENDER
    language: str = ""


@dataclass(frozen=True)
class External:
    """A file: where it lies, and how to open it."""

    content_type: str
    url: str
    expires: int
    size: int
    aead: int
    key: bytes
    nonce: bytes
    aad: bytes
    hash_algorithm: int
    hash: bytes
    description: str
    filename: str
    disposition: int = ATTACHMENT
    language: str = ""


@dataclass(frozen=True)
class Several:
    semantics: int
    parts: Tuple[Part, ...]
    disposition: int = RENDER
    language: str = ""


Part = Union[Nothing, Single, External, Several]


@dataclass(frozen=True)
class Container:
    body: Part
    replaces: Optional[bytes] = None
    in_reply_to: Optional[bytes] = None
    topic: bytes = b""
    expires: Optional[Tuple[bool, int]] = None
    extensions: Dict[Any, Any] = field(default_factory=dict)
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))


def encode(message: Container) -> bytes:
    expires = None if message.expires is None else list(message.expires)
    head = [message.salt, message.replaces, message.topic, expires]
    tail = [message.in_reply_to, message.extensions, _plain(message.body)]
    return cbor.encode(head + tail)


def _plain(part: Part) -> List[Any]:
    head: List[Any] = [part.disposition, part.language]
    if isinstance(part, Nothing):
        return head + [0]
    if isinstance(part, Single):
        return head + [1, part.content_type, part.content]
    if isinstance(part, Several):
        return head + [3, part.semantics, [_plain(inner) for inner in part.parts]]
    where = [part.content_type, part.url, part.expires, part.size]
    opened_by = [part.aead, part.key, part.nonce, part.aad]
    told = [part.hash_algorithm, part.hash, part.description, part.filename]
    return head + [2] + where + opened_by + told


def message_id(sender_uri: str, room_uri: str, container: bytes) -> bytes:
    """What `replaces` and `inReplyTo` name. Take the bytes as they were sent."""
    salt = container[2:18]
    hashed = hashlib.sha256(_sized(sender_uri) + _sized(room_uri) + container + salt)
    return b"\x01" + hashed.digest()[:31]


def _sized(text: str) -> bytes:
    data = text.encode("utf-8")
    return len(data).to_bytes(2, "big") + data
