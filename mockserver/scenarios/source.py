"""Reads YAML with the line of every value, and refuses what a scenario never needs."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .slips import plainly

Where = tuple[str | int, ...]
MAX_BYTES = 1_000_000
MAX_VALUES = 100_000  # with every alias written out: an alias bomb ends here
MAX_DEPTH = 60  # with every alias written out
MAX_ENTRIES = 1000  # of one list or mapping: stubs, replies, entities of a table
MAX_DIGITS = 300
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")
_WORDS: Mapping[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Unreadable(Exception):
    """A text that is not the YAML of a scenario; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Source:
    """A file's value, with the line where each part of it stands."""

    path: Path
    value: Any
    lines: Mapping[Where, int]

    def line(self, where: Where) -> int:
        """Return the line of a value, or of what holds it; an index that the file does not write is skipped."""
        found: Where = ()
        for step in where:
            if (*found, step) in self.lines:
                found = (*found, step)
            elif step != 0:
                break
        return self.lines.get(found, 1)


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read, or an alias' target that has been; `height` counts the levels inside it."""

    where: Where
    value: Any
    key: str | None = None
    anchor: str | None = None
    size: int = 1
    height: int = 0
    expects_value: bool = False


def read(path: Path) -> str:
    """Return the text of a file, or its beginning; raise Unreadable when it is not UTF-8, or no file at all but a pipe, say."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise Unreadable(1, "is no file that could be read to its end")
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(MAX_BYTES + 1)
    except UnicodeDecodeError as error:
        raise Unreadable(1, f"is not UTF-8 text (byte {error.start})") from None


def parse(text: str, path: Path) -> Source:
    """Return what a text holds as JSON types; raise Unreadable for bad YAML, twice the same key, or an alias bomb."""
    if len(text) > MAX_BYTES:
        raise Unreadable(1, f"is larger than {MAX_BYTES} bytes")
    reader = _Reader()
    try:
        for event in yaml.parse(text, Loader=_PARSER):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        raise Unreadable(*plainly(error, text)) from None
    except yaml.YAMLError as error:
        raise Unreadable(1, f"is not YAML: {str(error).splitlines()[0]}") from None
    return Source(path, reader.value, reader.lines)


@dataclass(slots=True)
class _Reader:
    """Builds the value from the parser's events, without recursion."""

    value: Any = None
    lines: dict[Where, int] = field(default_factory=dict)
    _open: list[_Open] = field(default_factory=list)
    _anchors: dict[str, _Open | None] = field(default_factory=dict)
    _documents: int = 0
    _count: int = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise Unreadable(line, "holds more than one YAML document")
        elif isinstance(event, yaml.AliasEvent):
            self._alias(str(event.anchor), line)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._start({} if isinstance(event, yaml.MappingStartEvent) else [], event, line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            ended = self._open.pop()
            self._remember(ended.anchor, ended)
            if self._open:
                self._open[-1].size += ended.size
                self._open[-1].height = max(self._open[-1].height, ended.height + 1)

    def _start(self, value: Any, event: Any, line: int) -> None:
        _check_tag(event.tag, line)
        if self._open and self._open[-1].key is None and isinstance(self._open[-1].value, dict):
            raise Unreadable(line, "has a key that is not text")
        self._check_depth(0, line)
        where = self._place(value, line, 1)
        self._open.append(_Open(where, value, anchor=event.anchor))
        if event.anchor:
            self._anchors[event.anchor] = None  # not yet complete: an alias to it would hold itself

    def _scalar(self, event: Any, line: int) -> None:
        _check_tag(event.tag, line)
        holder = self._open[-1] if self._open else None
        if holder is not None and isinstance(holder.value, dict) and not holder.expects_value:
            self._key(holder, event.value, line)
            return
        value = plain(event.value) if event.implicit[0] and not event.style else event.value
        where = self._place(value, line, 1)
        if holder is not None:
            holder.size += 1
        self._remember(event.anchor, _Open(where, value))

    def _key(self, holder: _Open, key: str, line: int) -> None:
        if key in holder.value:
            raise Unreadable(line, f"says {key!r} twice; first in line {self.lines[(*holder.where, key)]}")
        if key == "<<":
            raise Unreadable(line, "merges with '<<', which scenarios do not know; write the keys out")
        holder.key, holder.expects_value = key, True
        self.lines[(*holder.where, key)] = line

    def _alias(self, name: str, line: int) -> None:
        target = self._anchors.get(name)
        if target is None:
            if name in self._anchors:
                raise Unreadable(line, f"uses the alias *{name} inside itself")
            raise Unreadable(
                line, f"uses the alias *{name} before it is set; a text that begins with '*' is to be put in quotes"
            )
        if self._open and isinstance(self._open[-1].value, dict) and not self._open[-1].expects_value:
            raise Unreadable(line, f"uses the alias *{name} as a key")
        if isinstance(target.value, (dict, list)):
            self._check_depth(target.height, line)
        self._place(target.value, line, target.size)
        holder = self._open[-1]  # something is open: the anchor stands in it
        holder.size += target.size
        holder.height = max(holder.height, target.height + 1)

    def _check_depth(self, height: int, line: int) -> None:
        """Refuse what would stand here with so many levels inside it, when that is too deep."""
        if len(self._open) + height >= MAX_DEPTH:
            raise Unreadable(line, f"is nested more than {MAX_DEPTH} levels deep once its aliases are written out")

    def _place(self, value: Any, line: int, size: int) -> Where:
        """Put a value where the document stands now; return its place."""
        self._count += size
        if self._count > MAX_VALUES:
            raise Unreadable(line, f"holds more than {MAX_VALUES} values once its aliases are written out")
        if not self._open:
            self.value = value
            self.lines[()] = line
            return ()
        holder = self._open[-1]
        if len(holder.value) >= MAX_ENTRIES:
            name = f"{holder.where[-1]!r} " if holder.where else ""
            raise Unreadable(line, f"{name}holds more than {MAX_ENTRIES} entries; make two scenarios of it")
        if isinstance(holder.value, list):
            where = (*holder.where, len(holder.value))
            holder.value.append(value)
            self.lines[where] = line
            return where
        assert holder.key is not None  # noqa: S101  (a scalar key came first: _start and _alias refuse all others)
        holder.value[holder.key] = value
        where, holder.key, holder.expects_value = (*holder.where, holder.key), None, False
        return where

    def _remember(self, anchor: str | None, ended: _Open) -> None:
        if anchor:
            self._anchors[anchor] = ended


def plain(text: str) -> Any:
    """Return an unquoted scalar as YAML 1.2's JSON types: `no` and `2024-01-06` stay the texts they look like."""
    if text in _WORDS:
        return _WORDS[text]
    found = _NUMBER.fullmatch(text)
    if not found or len(text) > MAX_DIGITS:
        return text
    number = float(text) if found[2] or found[3] else int(text)
    return number if math.isfinite(number) else text


def _check_tag(tag: str | None, line: int) -> None:
    if tag and tag not in ("!", "tag:yaml.org,2002:str"):
        raise Unreadable(line, f"uses the tag {tag!r}; scenarios hold plain values only")
