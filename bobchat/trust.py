"""Device lists of others: signed by an account key, which is remembered, so that nobody adds a device unseen."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Tuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .encoding import from_base64url
from .signing import thumbprint
from .state import State


class Untrusted(Exception):
    """A device list that is not to be believed."""


def verified_devices(compact: str, user_ref: str, now_s: float) -> Tuple[str, List[Dict[str, Any]]]:
    """The thumbprint of the account key, and the devices. Raises Untrusted."""
    try:
        head, payload, signature = compact.split(".")
        header, listed = (json.loads(from_base64url(part)) for part in (head, payload))
        if (header["alg"], header["typ"]) != ("EdDSA", "gia-devices+jws"):
            raise Untrusted("It is no signed device list")
        key = Ed25519PublicKey.from_public_bytes(from_base64url(header["jwk"]["x"]))
        key.verify(from_base64url(signature), f"{head}.{payload}".encode("ascii"))
        if listed["user_ref"] != user_ref or listed["exp"] <= now_s:
            raise Untrusted("It is of somebody else, or has expired")
        return thumbprint(header["jwk"]), listed["devices"]
    except InvalidSignature:
        raise Untrusted("Its signature is wrong") from None
    except (ValueError, KeyError, TypeError) as error:
        raise Untrusted(f"It is no signed device list: {error}") from None


def remember(state: State, user_ref: str, key: str) -> None:
    """The first key that is seen of somebody counts. Raises Untrusted for another one."""
    state.run("insert or ignore into account_keys values (?, ?)", user_ref, key)
    known = state.one("select key from account_keys where user_ref = ?", user_ref)
    if known is None or known["key"] != key:
        raise Untrusted(
            "It is signed by another account key than before: ask that person, by another way, whether it is theirs"
        )
