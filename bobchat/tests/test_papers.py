"""What the papers of the interface show byte by byte."""

import unittest
from typing import Any, List

from bobchat import cbor, container, content
from bobchat.encoding import from_base64url, to_base64url
from bobchat.reading import read_container
from bobchat.signing import SigningKey, thumbprint

_SEED = from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
_HI = from_base64url("h1AAESIzRFVmd4iZqrvM3e7_9kD29qCFAWABeB50ZXh0L21hcmtkb3duO3ZhcmlhbnQ9R0ZNLU1JTUlJSGkgQWxpY2Uh")
_ID = "01d57aef378c159057de11691123b725f71499a0c00357657d15d5e2dcb313b1"
_ORIGIN = "https://gia.alicechat.example"
_SIGNATURE = "TdmYLbUgWqdWF1-AY76aP8zvz9qMPAp6QoIb4DcElzmFkTlLg9UpnV6milymeolzLTYSagDR2ADR9rLohK7tCw"


class Papers(unittest.TestCase):
    def test_a_container_is_written_as_it_was_read(self) -> None:
        message = read_container(_HI, 0)
        self.assertEqual(message.body, container.Single("text/markdown;variant=GFM-MIMI", b"Hi Alice!"))
        self.assertEqual(container.encode(message), _HI)

    def test_a_message_has_the_id_of_the_example(self) -> None:
        sender = "mimi://alicechat.example/u/ix:1:5f3c9a0b7d2e4c61a8f09b3d5e7c1f20"
        room = "mimi://alicechat.example/r/cv_Zk3uXo8mQ1tB5yR7nA2cDw"
        self.assertEqual(container.message_id(sender, room, _HI).hex(), _ID)

    def test_a_token_is_signed_as_in_the_example(self) -> None:
        key = SigningKey(_SEED)
        self.assertEqual(key.kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        self.assertEqual(key.kid, thumbprint(key.jwk))
        claims = {"iss": "bobchat.example", "aud": _ORIGIN, "iat": 1795838400, "exp": 1795838460}
        claims.update(jti="hT3kqQJ8m0uKp2Zb7wXn5A", htm="POST", htu=f"{_ORIGIN}/gia/v1/events/ack")
        claims.update(bh="YGCK0zXjxjj6cKdebcvtf4DeKCNtxGn2kuV-J9IHWB8")
        signed = key.sign({"alg": "EdDSA", "typ": "gia-request+jwt", "kid": key.kid}, claims)
        self.assertEqual(signed.split(".")[2], _SIGNATURE)


class WhatIsRefused(unittest.TestCase):
    def _refused(self, plain: object) -> None:
        with self.assertRaises(container.ContainerError):
            read_container(plain if isinstance(plain, bytes) else cbor.encode(plain), 0)

    def test_bytes_that_could_be_said_otherwise(self) -> None:
        for data in (
            "1800",
            "9fff",
            "a2020001 00",
            "a2010001 00",
            "62c328",
            "f97e01",
            "fb3ff0000000000000",
            "0000",
            "18",
        ):
            with self.subTest(data), self.assertRaises(cbor.CborError):
                cbor.decode(bytes.fromhex(data.replace(" ", "")))

    def test_containers_that_are_none(self) -> None:
        salt, body = b"s" * 16, [1, "", 1, "text/plain;charset=utf-8", b"x"]
        good: List[Any] = [salt, None, b"", None, None, {}, body]
        read_container(cbor.encode(good), 0)
        wrong = {
            0: b"s",
            1: b"\x02" + b"i" * 31,
            2: b"t" * 4097,
            3: [True, 367 * 86400],
            4: b"\x01",
            5: {b"k": 1},
            6: [1, "", 4],
        }
        for place, value in wrong.items():
            with self.subTest(place):
                self._refused(good[:place] + [value] + good[place + 1 :])
        self._refused(cbor.encode(good) + b"\x00")
        self._refused(good[:6])

    def test_parts_that_are_too_many_or_too_deep(self) -> None:
        inner = [1, "", 1, "text/plain;charset=utf-8", b"x"]
        for body in ([1, "", 3, 2, [inner] * 1024], [1, "", 3, 2, [inner]]):
            self._refused([b"s" * 16, None, b"", None, None, {}, body])
        for _ in range(4):
            inner = [1, "", 3, 2, [inner, inner]]
        self._refused([b"s" * 16, None, b"", None, None, {}, inner])


class WhatIsShown(unittest.TestCase):
    one, two = (container.Single("text/plain", text) for text in (b"1", b"\xff"))
    other = container.Single("application/other", b"x")

    def _said(self, semantics: int, *parts: container.Part) -> Any:
        return content.said_by(container.Container(container.Several(semantics, parts))).get("text")

    def test_of_several_parts_depends_on_what_is_understood(self) -> None:
        self.assertEqual(self._said(container.CHOOSE_ONE, self.other, self.two, self.one), "\ufffd")
        self.assertEqual(self._said(container.PROCESS_ALL, self.one, self.other, self.two), "1\n\ufffd")
        self.assertEqual(self._said(container.SINGLE_UNIT, self.one, self.two), "1\n\ufffd")
        with self.assertRaises(container.ContainerError):
            self._said(container.SINGLE_UNIT, self.one, self.other)

    def test_of_nothing_is_a_removal_or_refused(self) -> None:
        removal = container.Container(container.Nothing(), replaces=b"\x01" * 32)
        self.assertEqual(content.said_by(removal)["said"], "removal")
        with self.assertRaises(container.ContainerError):
            content.said_by(container.Container(container.Nothing()))


class Base64url(unittest.TestCase):
    def test_takes_no_padding(self) -> None:
        self.assertEqual(from_base64url(to_base64url(b"\xff\xfe")), b"\xff\xfe")
        for text in ("//4", "_-4=", "A"):
            with self.subTest(text), self.assertRaises(ValueError):
                from_base64url(text)


if __name__ == "__main__":
    unittest.main()
