"""Ed25519 keys, and what is signed by them: requests, user tokens, device lists."""

from __future__ import annotations

import hashlib
import time
from typing import Any, Dict, List

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .encoding import random_id, to_base64url, to_json

_REQUEST_SECONDS, _USER_SECONDS, _LIST_SECONDS = 60, 300, 180 * 24 * 3600


class SigningKey:
    """A key pair. Its seed is all of it: 32 bytes, to be kept."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.x = to_base64url(self._private.public_key().public_bytes_raw())

    @staticmethod
    def new_seed() -> bytes:
        return Ed25519PrivateKey.generate().private_bytes_raw()

    @property
    def jwk(self) -> Dict[str, str]:
        """The public half."""
        return {"kty": "OKP", "crv": "Ed25519", "x": self.x}

    @property
    def kid(self) -> str:
        return thumbprint(self.jwk)

    def sign(self, header: Dict[str, Any], payload: Dict[str, Any]) -> str:
        """A compact JWS."""
        signed = f"{to_base64url(to_json(header))}.{to_base64url(to_json(payload))}"
        return f"{signed}.{to_base64url(self._private.sign(signed.encode('ascii')))}"


def thumbprint(jwk: Dict[str, str]) -> str:
    """RFC 7638, of an Ed25519 key."""
    needed = {name: jwk[name] for name in ("crv", "kty", "x")}
    return to_base64url(hashlib.sha256(to_json(needed)).digest())


class ProviderSigner:
    """What a provider signs, with its domain and for one gatekeeper."""

    def __init__(self, key: SigningKey, domain: str, origin: str) -> None:
        self._key, self._domain, self._origin = key, domain, origin

    def request(self, method: str, url: str, body: bytes) -> str:
        """The `Authorization` of one attempt of one request."""
        now = int(time.time())
        claims = {
            "iss": self._domain,
            "aud": self._origin,
            "iat": now,
            "exp": now + _REQUEST_SECONDS,
            "jti": random_id(),
            "htm": method,
            "htu": url,
            "bh": to_base64url(hashlib.sha256(body).digest()),
        }
        return f"GIA {self._sign('gia-request+jwt', claims)}"

    def user(self, visible_id: str) -> str:
        """A user token, for one attempt to enlist somebody who has just proved who they are."""
        now = int(time.time())
        claims = {
            "iss": self._domain,
            "sub": visible_id,
            "aud": self._origin,
            "iat": now,
            "exp": now + _USER_SECONDS,
            "nonce": random_id(),
            "auth_time": now,
        }
        return self._sign("gia-user+jwt", claims)

    def _sign(self, typ: str, claims: Dict[str, Any]) -> str:
        return self._key.sign({"alg": "EdDSA", "typ": typ, "kid": self._key.kid}, claims)


def device_list(account: SigningKey, user_ref: str, v: int, devices: List[Dict[str, Any]]) -> str:
    now = int(time.time())
    header = {"alg": "EdDSA", "typ": "gia-devices+jws", "jwk": account.jwk}
    listed = {"v": v, "user_ref": user_ref, "devices": devices, "iat": now, "exp": now + _LIST_SECONDS}
    return account.sign(header, listed)
