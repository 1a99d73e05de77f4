"""Deterministic CBOR (RFC 8949, section 4.2.1). What could be said in two ways is refused in all but one."""

from __future__ import annotations

import struct
from typing import Any, Dict, List, NamedTuple, Tuple

DEEPEST = 16
_SIZES = {24: 1, 25: 2, 26: 4, 27: 8}
_SIMPLE = {20: False, 21: True, 22: None}


class CborError(ValueError):
    """These bytes are no deterministic CBOR."""


class Tagged(NamedTuple):
    tag: int
    value: Any


def encode(value: Any) -> bytes:
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return _shortest_float(value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        data = value.encode("utf-8")
        return _head(3, len(data)) + data
    if isinstance(value, Tagged):
        return _head(6, value.tag) + encode(value.value)
    if isinstance(value, (list, tuple)):
        return _head(4, len(value)) + b"".join(map(encode, value))
    if isinstance(value, dict):
        pairs = sorted((encode(key), encode(item)) for key, item in value.items())
        return _head(5, len(pairs)) + b"".join(key + item for key, item in pairs)
    raise TypeError(f"CBOR has no {type(value).__name__}")


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    for code, size in _SIZES.items():
        if number < 1 << 8 * size:
            return bytes([major << 5 | code]) + number.to_bytes(size, "big")
    raise CborError("A number of more than 64 bits")


def _shortest_float(value: float) -> bytes:
    if value != value:
        return b"\xf9\x7e\x00"
    for code, form in ((25, ">e"), (26, ">f")):
        try:
            packed = struct.pack(form, value)
        except OverflowError:
            continue
        if struct.unpack(form, packed)[0] == value:
            return bytes([7 << 5 | code]) + packed
    return b"\xfb" + struct.pack(">d", value)


def decode(data: bytes) -> Any:
    """Raises CborError, also for bytes behind the end."""
    value, end = _Reader(data).item(0, 0)
    if end != len(data):
        raise CborError("Bytes behind the end")
    return value


class _Reader:
    """Each method takes where to begin, and gives what is there and where it ends."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def item(self, at: int, depth: int) -> Tuple[Any, int]:
        if depth > DEEPEST:
            raise CborError("Too deep")
        first, at = self._bytes(at, 1)
        major, low = first[0] >> 5, first[0] & 31
        if major == 7:
            return self._simple(low, at)
        number, at = self._number(low, at)
        if major < 2:
            return (number if major == 0 else -1 - number), at
        if major == 2:
            return self._bytes(at, number)
        if major == 3:
            return self._text(at, number)
        if major == 4:
            return self._array(at, number, depth)
        if major == 5:
            return self._map(at, number, depth)
        value, at = self.item(at, depth + 1)
        return Tagged(number, value), at

    def _bytes(self, at: int, size: int) -> Tuple[bytes, int]:
        if size > len(self._data) - at:
            raise CborError("It ends too early")
        return self._data[at : at + size], at + size

    def _number(self, low: int, at: int) -> Tuple[int, int]:
        if low < 24:
            return low, at
        if low not in _SIZES:
            raise CborError("An indefinite or unknown length")
        data, at = self._bytes(at, _SIZES[low])
        number = int.from_bytes(data, "big")
        if _head(0, number)[0] != low:
            raise CborError("A longer form than needed")
        return number, at

    def _simple(self, low: int, at: int) -> Tuple[Any, int]:
        if low in _SIMPLE:
            return _SIMPLE[low], at
        if low not in (25, 26, 27):
            raise CborError("A simple value that is unknown")
        data, at = self._bytes(at, _SIZES[low])
        value = struct.unpack({25: ">e", 26: ">f", 27: ">d"}[low], data)[0]
        if _shortest_float(value)[1:] != data:
            raise CborError("A longer form than needed")
        return value, at

    def _text(self, at: int, size: int) -> Tuple[str, int]:
        data, at = self._bytes(at, size)
        try:
            return data.decode("utf-8"), at
        except UnicodeDecodeError:
            raise CborError("Text that is no UTF-8") from None

    def _array(self, at: int, count: int, depth: int) -> Tuple[List[Any], int]:
        items = []
        for _ in range(count):
            value, at = self.item(at, depth + 1)
            items.append(value)
        return items, at

    def _map(self, at: int, count: int, depth: int) -> Tuple[Dict[Any, Any], int]:
        pairs: Dict[Any, Any] = {}
        before = b""
        for _ in range(count):
            start = at
            key, at = self.item(at, depth + 1)
            if not isinstance(key, (int, str, bytes)) or isinstance(key, bool):
                raise CborError("A key that is neither number, text nor bytes")
            if self._data[start:at] <= before:
                raise CborError("Keys in the wrong order, or twice")
            before = self._data[start:at]
            pairs[key], at = self.item(at, depth + 1)
        return pairs, at
