"""A gatekeeper as a provider calls it. What may be repeated is, until it is answered or patience ends."""

from __future__ import annotations

import ssl
from typing import Any, Dict, Optional

from .signing import ProviderSigner, SigningKey
from .state import State
from .wire import Answer, Authorize, Refused, Wire, persist

BASE = "/gia/v1"
SUITE = "e2b/1"


class NotReady(Exception):
    """Something has to be done first; the text says what."""


def context_of(state: State) -> ssl.SSLContext:
    """Whom this provider believes to be the gatekeeper: the authorities of the system, or those it was given."""
    return ssl.create_default_context(cafile=state.setting("ca"))


def provider_key(state: State) -> SigningKey:
    """Made once, and then always the same."""
    state.run("insert or ignore into settings values ('provider_seed', ?)", SigningKey.new_seed())
    return SigningKey(state.setting("provider_seed"))


class Gatekeeper:
    """For one thread. Who it is has been asked by `request-access`."""

    def __init__(self, state: State, patience_s: float = 60) -> None:
        origin = state.setting("origin")
        if origin is None:
            raise NotReady("Ask a gatekeeper for access first: request-access")
        self.domain: str = state.setting("gatekeeper")
        self.own_domain: str = state.setting("domain")
        self.origin: str = origin
        self.patience_s = patience_s
        self.signer = ProviderSigner(provider_key(state), self.own_domain, origin)
        self.wire = Wire(origin, context_of(state))

    def authorize(self, user_ref: Optional[str] = None) -> Authorize:
        def headers(method: str, url: str, body: bytes) -> Dict[str, str]:
            as_user = {} if user_ref is None else {"GIA-User": user_ref}
            return {"Authorization": self.signer.request(method, url, body), **as_user}

        return headers

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        user_ref: Optional[str] = None,
        headers: Optional[Dict[str, str]] = None,
    ) -> Answer:
        """Only for what may be repeated."""
        authorize = self.authorize(user_ref)
        return persist(lambda: self.wire.call(method, BASE + path, body, authorize, headers), self.patience_s)

    def user_uri(self, user_ref: str) -> str:
        return f"mimi://{self.domain}/u/{user_ref}"

    def room_uri(self, conv_id: str) -> str:
        return f"mimi://{self.domain}/r/{conv_id}"


def request_access(state: State, address: str, asked: Dict[str, Any], patience_s: float = 60) -> Dict[str, Any]:
    """Asks to be connected, and keeps who the gatekeeper is. Asking again tells how the request stands."""
    known = state.setting("request_id")
    if known is None:
        wire = Wire(address, context_of(state))
        info = persist(lambda: wire.call("GET", BASE), patience_s).body
        if SUITE not in info["suites"]:
            raise NotReady(f"{info['domain']} does not offer {SUITE}")
        request = {**asked, "jwks": {"keys": [_public_key(state)]}}
        try:
            known = wire.call("POST", f"{BASE}/provider-requests", request).body["request_id"]
        except Refused as refusal:
            if refusal.code != "conflict":
                raise
            raise NotReady(
                f"{info['domain']} has a request of {asked['domain']} already, whose id is not known here: ask its operator"
            ) from refusal
        with state.transaction():
            state.keep("origin", info["origin"])
            state.keep("gatekeeper", info["domain"])
            state.keep("domain", asked["domain"])
            state.keep("request_id", known)
    return access_status(state, patience_s)


def access_status(state: State, patience_s: float = 60) -> Dict[str, Any]:
    request_id = state.setting("request_id")
    if request_id is None:
        raise NotReady("Ask a gatekeeper for access first: request-access")
    wire = Wire(state.setting("origin"), context_of(state))
    path = f"{BASE}/provider-requests/{request_id}"
    status: Dict[str, Any] = persist(lambda: wire.call("GET", path), patience_s).body
    return status


def _public_key(state: State) -> Dict[str, str]:
    key = provider_key(state)
    return {**key.jwk, "kid": key.kid}
