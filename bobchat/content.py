"""What people do, as containers; and what containers say, as what a person is shown."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from .container import (
    CHOOSE_ONE,
    REACTION,
    SINGLE_UNIT,
    Container,
    ContainerError,
    External,
    Nothing,
    Part,
    Several,
    Single,
)

MARKDOWN = "text/markdown;variant=GFM-MIMI"
_TEXTS = (MARKDOWN, "text/plain;charset=utf-8", "text/plain")


def text(words: str, in_reply_to: Optional[bytes] = None) -> Container:
    return Container(_words(words), in_reply_to=in_reply_to)


def edit(first: bytes, words: str) -> Container:
    """`first` is the first version, also where there were edits since."""
    return Container(_words(words), replaces=first)


def removal(first: bytes, of_reaction: bool) -> Container:
    return Container(Nothing(REACTION) if of_reaction else Nothing(), replaces=first)


def reaction(to: bytes, emoji: str) -> Container:
    content = emoji.encode("utf-8")
    return Container(Single(MARKDOWN, content, disposition=REACTION), in_reply_to=to)


def file(part: External) -> Container:
    return Container(part)


def _words(words: str) -> Single:
    return Single(MARKDOWN, words.encode("utf-8"))


def said_by(message: Container) -> Dict[str, Any]:
    """What it says, in words of its own. Raises ContainerError for a body that nobody here can show."""
    parts = _shown(message.body)
    said: Dict[str, Any] = {"said": _kind(message, parts)}
    if message.replaces is not None:
        said["replaces"] = message.replaces.hex()
    if message.in_reply_to is not None:
        said["in_reply_to"] = message.in_reply_to.hex()
    texts = [part.content.decode("utf-8", "replace") for part in parts if isinstance(part, Single)]
    if texts:
        said["text"] = "\n".join(texts)
    files = files_of(message)
    if files:
        said["files"] = [{"name": it.filename, "type": it.content_type, "encrypted_bytes": it.size} for it in files]
    return said


def files_of(message: Container) -> List[External]:
    return [part for part in _shown(message.body) if isinstance(part, External)]


def _kind(message: Container, parts: List[Part]) -> str:
    if isinstance(message.body, Nothing):
        if message.replaces is None:
            raise ContainerError("It says nothing, and takes nothing back")
        return "removal"
    if not parts:
        raise ContainerError("A body of types that nobody here understands")
    if message.body.disposition == REACTION and message.in_reply_to is not None:
        return "reaction"
    if message.replaces is not None:
        return "edit"
    return "file" if all(isinstance(part, External) for part in parts) else "text"


def _shown(part: Part) -> List[Part]:
    """What people see of it. Of parts to choose from it is the first that is understood: what is of one network only
    stands before what everybody reads."""
    if isinstance(part, Several):
        shown = [_shown(inner) for inner in part.parts]
        if part.semantics == CHOOSE_ONE:
            return next(filter(None, shown), [])
        if part.semantics == SINGLE_UNIT and [] in shown:
            return []
        return [it for inner in shown for it in inner]
    if isinstance(part, External) or (isinstance(part, Single) and part.content_type in _TEXTS):
        return [part]
    return []
