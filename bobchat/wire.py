"""Calls over HTTPS, and when to make them again."""

from __future__ import annotations

import http.client
import json
import random
import ssl
import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, Mapping, Optional, TypeVar
from urllib.parse import urlsplit

from .encoding import to_json

VERSION = "2026-11"
# Retryable once somebody else has done something: not by waiting a little.
_NOT_BY_WAITING = ("device_mismatch", "wrong_epoch", "keys_exhausted")
Result = TypeVar("Result")
_CALL_SECONDS = 30.0
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0


class Refused(Exception):
    """The gatekeeper said no."""

    def __init__(self, status: int, problem: Mapping[str, Any], retry_after_s: Optional[float]) -> None:
        super().__init__(f"{problem.get('code', status)}: {problem.get('detail', 'no more is said')}")
        self.status, self.problem, self.retry_after_s = status, problem, retry_after_s

    @property
    def code(self) -> str:
        return str(self.problem.get("code", self.status))

    @property
    def may_retry(self) -> bool:
        """The same call, with a new token, may succeed later."""
        return self.problem.get("retryable") is True


class NoAnswer(Exception):
    """Nobody knows whether it was done."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


# By method, URL and body, the headers that say who calls. Asked anew for each attempt, as a token counts once.
Authorize = Callable[[str, str, bytes], Dict[str, str]]


class Wire:
    """One connection to one host, for one thread. It is opened when it is needed."""

    def __init__(self, origin: str, context: ssl.SSLContext) -> None:
        parts = urlsplit(origin)
        if parts.scheme != "https" or parts.hostname is None:
            raise ValueError(f"{origin} is no https address")
        self.origin = origin
        self._host, self._port, self._context = parts.hostname, parts.port or 443, context
        self._connection: Optional[http.client.HTTPSConnection] = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def request(
        self, method: str, target: str, body: bytes, headers: Dict[str, str], within_s: float = _CALL_SECONDS
    ) -> http.client.HTTPResponse:
        """One attempt. The answer has to be read whole before the next. Raises NoAnswer."""
        if self._connection is None:
            self._connection = http.client.HTTPSConnection(
                self._host, self._port, context=self._context, timeout=within_s
            )
        try:
            self._connection.request(method, target, body or None, headers)
            return self._connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswer(f"{method} {target}: {error or type(error).__name__}") from error

    def call(
        self,
        method: str,
        target: str,
        body: Any = None,
        authorize: Optional[Authorize] = None,
        headers: Optional[Dict[str, str]] = None,
    ) -> Answer:
        """One attempt, read whole. `body` is JSON, or bytes that are JSON already. Raises Refused and NoAnswer."""
        sent = b"" if body is None else body if isinstance(body, bytes) else to_json(body)
        signed = {} if authorize is None else authorize(method, self.origin + target, sent)
        kind = {"Content-Type": "application/json"} if sent else {}
        response = self.request(method, target, sent, {"GIA-Version": VERSION, **kind, **(headers or {}), **signed})
        return Answer(response.status, self.read(response))

    def read(self, response: http.client.HTTPResponse) -> Any:
        """The JSON of an answer, None if it has no body. Raises Refused and NoAnswer."""
        try:
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswer(f"The answer broke off: {error}") from error
        if response.status >= 300:
            raise _refusal(response, text)
        return json.loads(text) if text else None


def _refusal(response: http.client.HTTPResponse, text: bytes) -> Refused:
    try:
        problem = json.loads(text)
    except ValueError:
        problem = None
    after = response.getheader("Retry-After", "")
    known = problem if isinstance(problem, dict) else {"retryable": response.status in (429, 502, 503, 504)}
    return Refused(response.status, known, float(after) if after.isdigit() else None)


def waits() -> Iterator[float]:
    """How long to wait before each further attempt, where the gatekeeper does not say."""
    seconds = _FIRST_WAIT
    while True:
        yield seconds * (1 + random.random() / 10)
        seconds = min(seconds * 2, _LONGEST_WAIT)


def wait_before_retry(error: Exception, pauses: Iterator[float]) -> float:
    """Raises the error again where no further attempt would help."""
    if isinstance(error, Refused):
        if not error.may_retry or error.code in _NOT_BY_WAITING:
            raise error
        if error.retry_after_s is not None:
            return error.retry_after_s
    return next(pauses)


def persist(attempt: Callable[[], Result], patience_s: float) -> Result:
    """Makes a call that may be repeated until it is answered, or patience ends. Each attempt signs anew."""
    until, pauses = time.monotonic() + patience_s, waits()
    while True:
        try:
            return attempt()
        except (Refused, NoAnswer) as error:
            pause = wait_before_retry(error, pauses)
            if time.monotonic() + pause > until:
                raise
            time.sleep(pause)
