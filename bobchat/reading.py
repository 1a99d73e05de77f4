"""Containers as they come: whatever is not exactly as docs/gia/content.md says is refused, in all its parts."""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

from . import cbor
from .container import (
    PROCESS_ALL,
    Container,
    ContainerError,
    External,
    Nothing,
    Part,
    Several,
    Single,
)

MOST_PARTS, DEEPEST, LONGEST_TOPIC = 1024, 4, 4096
_YEAR_SECONDS = 366 * 24 * 3600


def read_container(data: bytes, now_s: Optional[float] = None) -> Container:
    """Without a time, what was read before is read again. Raises ContainerError for whatever is not exactly as it should be."""
    try:
        plain = cbor.decode(data)
    except cbor.CborError as error:
        raise ContainerError(str(error)) from None
    _need(isinstance(plain, list) and len(plain) == 7, "A container is an array of seven")
    salt, replaces, topic, expires, in_reply_to, extensions, body = plain
    _need(isinstance(salt, bytes) and len(salt) == 16, "The salt is not 16 bytes")
    _need(isinstance(topic, bytes) and len(topic) <= LONGEST_TOPIC, "The topic is no topic")
    _need(isinstance(extensions, dict) and all(map(_is_key, extensions)), "Extensions are a map by numbers and texts")
    _need(all(isinstance(extensions.get(key, ""), str) for key in (1, 2)), "A URI is a text")
    return Container(
        body=_Parts().read(body, 1),
        replaces=_id(replaces),
        in_reply_to=_id(in_reply_to),
        topic=topic,
        expires=_expiry(expires, now_s),
        extensions=extensions,
        salt=salt,
    )


def _need(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ContainerError(otherwise)


def _is_count(value: Any, bits: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << bits


def _is_key(key: Any) -> bool:
    return isinstance(key, int) or (isinstance(key, str) and len(key.encode("utf-8")) <= 255)


def _id(value: Any) -> Optional[bytes]:
    if value is None:
        return None
    _need(isinstance(value, bytes) and len(value) == 32 and value[0] == 1, "No id")
    return bytes(value)


def _expiry(value: Any, now_s: Optional[float]) -> Optional[Tuple[bool, int]]:
    if value is None:
        return None
    _need(isinstance(value, list) and len(value) == 2, "No expiry")
    relative, seconds = value
    _need(isinstance(relative, bool) and _is_count(seconds, 32), "No expiry")
    if now_s is not None:
        away = seconds if relative else abs(seconds - now_s)
        _need(away <= _YEAR_SECONDS, "It expires more than a year away")
    return relative, seconds


class _Parts:
    def __init__(self) -> None:
        self._count = 0

    def read(self, plain: Any, depth: int) -> Part:
        self._count += 1
        _need(depth <= DEEPEST and self._count <= MOST_PARTS, "Too many parts, or too deep")
        _need(isinstance(plain, list) and len(plain) >= 3, "A part is an array")
        disposition, language, cardinality, *rest = plain
        _need(_is_count(disposition, 8) and isinstance(language, str), "No disposition, or no language")
        if cardinality == 0 and not isinstance(cardinality, bool):
            _need(rest == [], "Nothing has nothing behind it")
            return Nothing(disposition, language)
        if cardinality == 3:
            return self._several(rest, depth, disposition, language)
        _need(cardinality in (1, 2) and not isinstance(cardinality, bool), "A cardinality that is unknown")
        kinds = [str, bytes] if cardinality == 1 else _EXTERNAL
        _need(len(rest) == len(kinds), "A part with too few or too many members")
        _need(all(_is(value, kind) for value, kind in zip(rest, kinds)), "A member of a wrong type")
        made: Any = Single if cardinality == 1 else External
        part: Part = made(*rest, disposition, language)
        return part

    def _several(self, rest: List[Any], depth: int, disposition: int, language: str) -> Several:
        _need(len(rest) == 2 and isinstance(rest[1], list), "No parts")
        _need(_is_count(rest[0], 2) and rest[0] <= PROCESS_ALL, "Semantics that are unknown")
        _need(len(rest[1]) >= 2, "Several parts are two at least")
        parts = tuple(self.read(inner, depth + 1) for inner in rest[1])
        return Several(rest[0], parts, disposition, language)


# Of an external part, in their order; a number is for how many bits.
_EXTERNAL: List[Any] = [str, str, 32, 53, 16, bytes, bytes, bytes, 8, bytes, str, str]


def _is(value: Any, kind: Any) -> bool:
    return _is_count(value, kind) if isinstance(kind, int) else isinstance(value, kind)
