"""Bytes as base64url without padding, and JSON as the bytes that are signed and sent."""

from __future__ import annotations

import base64
import json
import re
import secrets
from typing import Any

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def to_base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Raises ValueError for anything but base64url without padding."""
    if _ALPHABET.fullmatch(text) is None or len(text) % 4 == 1:
        raise ValueError("Not base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def to_json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def random_id() -> str:
    """128 random bits: a `jti`, a nonce, an `Idempotency-Key`."""
    return to_base64url(secrets.token_bytes(16))
