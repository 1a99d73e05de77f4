"""What is remembered, so that each thing is said and heard once."""

import sqlite3
import tempfile
import unittest
from pathlib import Path
from typing import Any, Dict, List

from bobchat import container, content, outbox, stream
from bobchat.encoding import to_base64url
from bobchat.gatekeeper import Gatekeeper, NotReady
from bobchat.hearing import hear
from bobchat.listening import _note_hole
from bobchat.state import State
from bobchat.wire import Answer, NoAnswer, Refused

_BOB, _ALICE, _CONV = "ix:1:b0", "ix:0:a11ce", "cv_1"


class Silent(Gatekeeper):
    """One that writes down what it is called with, and answers as it is told."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.calls: List[Any] = []
        self.answers: List[Any] = []

    def call(self, *args: Any, **more: Any) -> Answer:
        self.calls.append(args)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Answer(202, answer)


class Remembered(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.state = State(Path(folder.name) / "bobchat.db")
        self.addCleanup(self.state.close)
        for name, value in (("origin", "https://gia.example"), ("gatekeeper", "example"), ("domain", "bob.example")):
            self.state.keep(name, value)
        self.state.run("insert into users (name, user_ref, account_seed) values ('bob', ?, x'00')", _BOB)
        self.gatekeeper = Silent(self.state)

    def _event(self, n: int, said: container.Container, sender: str = _ALICE) -> Dict[str, Any]:
        data = {"msg_id": f"ms_{n}", "seq": n, "from": {"user_ref": sender, "device": "phone"}, "suite": "e2b/1"}
        data.update(type="application", body=to_base64url(container.encode(said)))
        ids = {"event_id": f"ev_{n}", "cursor": f"c{n}", "to": {"user_ref": _BOB}, "conv_id": _CONV}
        return {**ids, "type": "message.new", "data": data}

    def _hear(self, event: Dict[str, Any]) -> Any:
        return hear(self.state, self.gatekeeper, event)

    def test_an_event_that_comes_again_is_told_once(self) -> None:
        event = self._event(1, content.text("Hi"))
        self.assertEqual(self._hear(event)[0], 1)
        self.assertIsNone(self._hear(event))
        self.assertEqual(self.state.setting("cursor"), "c1")

    def test_an_event_of_a_type_that_nobody_knows_is_passed_over(self) -> None:
        event = {"event_id": "ev_1", "cursor": "c1", "type": "moon.rises", "data": {}}
        self.assertIsNone(self._hear(event))
        self.assertEqual(self.state.setting("cursor"), "c1")

    def test_what_fails_in_the_middle_leaves_nothing(self) -> None:
        event = self._event(1, content.text("Hi"))
        del event["data"]["seq"]
        with self.assertRaises(KeyError):
            self._hear(event)
        self.assertIsNone(self.state.setting("cursor"))

    def test_a_hole_is_told_and_passed(self) -> None:
        told: List[Any] = []
        _note_hole(self.state, Refused(410, {"code": "cursor_gone", "oldest": "c57"}, None), told.append)
        self.assertEqual((told[0]["event"], told[0]["n"]), ("hole", 1))
        self.assertEqual(self.state.setting("cursor"), "c57")

    def test_a_lost_answer_is_asked_for_with_the_same_key_and_bytes(self) -> None:
        outbox.put(self.state, self.gatekeeper, "bob", _CONV, content.text("Hi"))
        self.gatekeeper.answers = [NoAnswer("lost"), {"msg_id": "ms_1", "seq": 1}]
        self.assertIn("waits", outbox.deliver(self.state, self.gatekeeper)[0])
        self.assertEqual(outbox.deliver(self.state, self.gatekeeper)[0]["seq"], 1)
        self.assertEqual(self.gatekeeper.calls[0], self.gatekeeper.calls[1])
        self.assertEqual(outbox.deliver(self.state, self.gatekeeper), [])

    def test_what_is_stuck_is_not_overtaken_in_its_conversation(self) -> None:
        ids = [
            outbox.put(self.state, self.gatekeeper, "bob", conv_id, content.text(text))
            for conv_id, text in ((_CONV, "1"), (_CONV, "2"), ("cv_2", "other"))
        ]
        stuck = Refused(409, {"code": "keys_exhausted", "retryable": True}, None)
        self.gatekeeper.answers = [stuck, {"msg_id": "ms_1", "seq": 1}]
        done = outbox.deliver(self.state, self.gatekeeper)
        self.assertEqual([(it["id"], "waits" in it) for it in done], [(ids[0], True), (ids[2], False)])

    def test_what_is_refused_for_good_is_said_so_and_not_tried_again(self) -> None:
        outbox.put(self.state, self.gatekeeper, "bob", _CONV, content.text("Hi"))
        self.gatekeeper.answers = [Refused(403, {"code": "user_suspended", "retryable": False}, None)]
        self.assertEqual(outbox.deliver(self.state, self.gatekeeper)[0]["refused"], "user_suspended")
        self.assertEqual(outbox.deliver(self.state, self.gatekeeper), [])

    def test_an_edit_names_the_first_version(self) -> None:
        first = bytes.fromhex(outbox.put(self.state, self.gatekeeper, "bob", _CONV, content.text("Hi")))
        edit = bytes.fromhex(outbox.put(self.state, self.gatekeeper, "bob", _CONV, content.edit(first, "Ho")))
        self.assertEqual(outbox.first_version(self.state, _BOB, edit), first)
        with self.assertRaises(NotReady):
            outbox.first_version(self.state, _ALICE, edit)

    def test_an_id_that_is_there_twice_is_refused_by_the_disk(self) -> None:
        message = content.text("Hi")
        outbox.put(self.state, self.gatekeeper, "bob", _CONV, message)
        with self.assertRaises(sqlite3.IntegrityError):
            outbox.put(self.state, self.gatekeeper, "bob", _CONV, message)


class Stream(unittest.TestCase):
    def test_is_read_by_blocks_and_not_by_what_broke_off(self) -> None:
        lines = [": hello", "", "id: 1", "event: x", 'data: {"n":1}', "", ": still here", "", 'data: {"n":2}']
        self.assertEqual(list(stream.parse(lines)), [{"n": 1}])


if __name__ == "__main__":
    unittest.main()
