"""YAML text into plain values that remember their lines; everything clever in YAML is refused.

Scalars follow the JSON-like core schema of YAML 1.2: `no` and `12:30` stay text, `1e3` is a number.
Parsing is a single loop over libyaml's events, so neither deep nesting nor aliases can grow.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mantlet.scenario.errors import Mistake, ScenarioErrors, dotted
from mantlet.scenario.errors import Path as Place

MAX_BYTES = 1 << 20
MAX_DEPTH = 20

_SYNTAX_FIX = "look at this line and the one before: brackets, quotes, indents, a colon too many"

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_REAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = {"": None, "~": None, "null": None, "true": True, "True": True, "false": False}
_WORDS |= {"False": False}


@dataclass
class Document:
    """The values of one file, the line of every key and value, and the mistakes met on the way."""

    file: str
    values: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    origin: dict[Place, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def mistake(self, path: Place, problem: str, fix: str = "") -> None:
        """Note a mistake at `path` (or at the nearest enclosing place that has a line)."""
        for length in range(len(path), -1, -1):
            if source := self.origin.get(path[:length]):
                self.mistakes.append(Mistake(source, 0, dotted(path), problem, fix))
                return
            if line := self.lines.get(path[:length]):
                break
        self.mistakes.append(Mistake(self.file, line or 1, dotted(path), problem, fix))

    def faulty(self, path: Place) -> bool:
        """Whether a mistake has been noted at `path` or inside it."""
        name = dotted(path)
        inside = (name + ".", name + "[")
        return any(m.field == name or m.field.startswith(inside) for m in self.mistakes)


def scalar(text: str) -> Any:
    """A plain scalar as null, boolean, integer, float or text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _REAL.fullmatch(text):
        return float(text)
    return float(text.replace(".", "")) if _NOT_FINITE.fullmatch(text) else text


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


class _Composer:
    """Builds values from parse events, keeping the path of what is being built."""

    def __init__(self, document: Document, events: Iterator[Any]) -> None:
        self.document = document
        self.events = events

    def value(self, event: Any, path: Place) -> Any:
        self.document.lines.setdefault(path, _line(event))
        self.refuse(event, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path)
        if isinstance(event, yaml.AliasEvent):
            return None
        return event.value if event.style or event.tag else scalar(event.value)

    def refuse(self, event: Any, path: Place) -> None:
        line = _line(event)
        found: list[tuple[str, str]] = []
        if getattr(event, "tag", None):
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            found.append((f"YAML tag {tag} is not allowed", "write the plain value"))
        if event.anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            found.append(
                (
                    f"YAML {sign}{event.anchor} is not allowed",
                    "write the value out where it is used",
                )
            )
        if len(path) > MAX_DEPTH:
            raise ScenarioErrors(
                [
                    Mistake(
                        self.document.file,
                        line,
                        "",
                        f"nested deeper than {MAX_DEPTH} levels",
                        "no block needs that",
                    )
                ]
            )
        self.document.mistakes += [
            Mistake(self.document.file, line, dotted(path), problem, fix) for problem, fix in found
        ]

    def sequence(self, path: Place) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            values.append(self.value(event, (*path, len(values))))
        return values

    def mapping(self, path: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.key(event, path)
            line = _line(event)
            place = (*path, key)
            if repeated := key in values:
                self.document.mistakes.append(
                    Mistake(
                        self.document.file,
                        line,
                        dotted(place),
                        f"key given twice (first on line {self.document.lines[place]})",
                        "keep one of them",
                    )
                )
            self.document.lines.setdefault(place, line)
            value = self.value(next(self.events), place)
            if not repeated:
                values[key] = value
        return values

    def key(self, event: Any, path: Place) -> str:
        self.refuse(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        self.document.mistakes.append(
            Mistake(
                self.document.file,
                _line(event),
                dotted(path),
                "a key must be a plain word",
                "write it as key: value",
            )
        )
        self.value(event, (*path, "?"))
        return "?"


def read_text(path: Path, *, limit: int = MAX_BYTES) -> str:
    """The text of a file.

    Raises
    ------
    ScenarioErrors
        If it is missing, no file, larger than `limit` bytes or not UTF-8.
    """
    try:
        with path.open("rb") as file:  # a device or a pipe tells no size: never read past the limit
            content = file.read(limit + 1)
        if len(content) > limit:
            raise ScenarioErrors([Mistake(str(path), 0, "", *_too_large(limit))])
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = f"not UTF-8 (byte 0x{error.object[error.start]:02x})"
        raise ScenarioErrors(
            [Mistake(str(path), line, "", problem, "save the file as UTF-8")]
        ) from None
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise ScenarioErrors(
            [Mistake(str(path), 0, "", reason.lower(), "check the path")]
        ) from None


def _too_large(limit: int) -> tuple[str, str]:
    return f"larger than {limit >> 20} MiB", "move tables into CSV files"


def parse(text: str, file: str) -> Document:
    """Read one YAML document.

    Duplicate keys, tags, anchors and aliases are noted in `Document.mistakes`; a syntax error or
    absurd nesting ends the reading.

    Raises
    ------
    ScenarioErrors
        If the text is not one YAML document.
    """
    document = Document(file)
    try:
        _parse_into(document, text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read as YAML"
        mistake = Mistake(
            file, mark.line + 1 if mark else 0, "", f"YAML syntax: {problem}", _SYNTAX_FIX
        )
        raise ScenarioErrors([*document.mistakes, mistake]) from None
    return document


def _parse_into(document: Document, text: str) -> None:
    events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if document.lines:
                line = _line(event)
                problem = "a second YAML document starts here"
                document.mistakes.append(
                    Mistake(document.file, line, "", problem, "one scenario per file")
                )
                return
            document.values = _Composer(document, events).value(next(events), ())


def read_mapping(path: Path, fix: str) -> Document:
    """Read a file whose outermost level is a mapping.

    Raises
    ------
    ScenarioErrors
        If it cannot be read, or is no mapping (with `fix` as the advice).
    """
    document = parse(read_text(path), str(path))
    if not isinstance(document.values, dict):
        mistake = Mistake(str(path), 1, "", "no keys at the outermost level", fix)
        raise ScenarioErrors([*document.mistakes, mistake])
    return document
