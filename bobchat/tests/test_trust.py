"""The device list of the papers, and what is not believed of it."""

import unittest

from bobchat.signing import SigningKey, device_list
from bobchat.trust import Untrusted, verified_devices

_LIST = (
    "eyJhbGciOiJFZERTQSIsInR5cCI6ImdpYS1kZXZpY2VzK2p3cyIsImp3ayI6eyJrdHkiOiJPS1AiLCJjcnYiOiJFZDI1NTE5IiwieCI6IjExcVlBWUt4Q3JmVlNfN1R5"
    "V1FIT2c3aGN2UGFwaU1scndJYWFQY0hVUm8ifX0.eyJ2IjoxLCJ1c2VyX3JlZiI6Iml4OjE6NWYzYzlhMGI3ZDJlNGM2MWE4ZjA5YjNkNWU3YzFmMjAiLCJkZXZpY2Vz"
    "IjpbeyJpZCI6ImJyaWRnZSIsImtpbmQiOiJicmlkZ2UiLCJvcGVyYXRvciI6IkJvYkNoYXQgR21iSCJ9XSwiaWF0IjoxNzk1ODM4NDAwLCJleHAiOjE3OTg0MzA0MDB9"
    ".pGuNiwN1DkWMwWpAnO4bT4xvKxLReZ6DTeY-j7j8kAqN2yYqWPsx3tfb67dXHE6B3GO1S1NNGKrSOZDCRLLOCw"
)
_BOB = "ix:1:5f3c9a0b7d2e4c61a8f09b3d5e7c1f20"


class DeviceLists(unittest.TestCase):
    def test_that_of_the_papers_is_believed_until_it_expires(self) -> None:
        key, devices = verified_devices(_LIST, _BOB, 1798430399)
        self.assertEqual(key, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        self.assertEqual(devices, [{"id": "bridge", "kind": "bridge", "operator": "BobChat GmbH"}])
        with self.assertRaises(Untrusted):
            verified_devices(_LIST, _BOB, 1798430400)

    def test_others_are_not(self) -> None:
        head, payload, _ = _LIST.split(".")
        _, _, signature = device_list(SigningKey(SigningKey.new_seed()), _BOB, 1, []).split(".")
        for compact in ("", "a.b", f"{head}.{payload}.{signature}", f"{head}.{payload}.A"):
            with self.subTest(compact[-20:]), self.assertRaises(Untrusted):
                verified_devices(compact, _BOB, 0)
        with self.assertRaises(Untrusted):
            verified_devices(_LIST, "ix:1:else", 0)


if __name__ == "__main__":
    unittest.main()
