"""Where the values of a YAML text stand in it, and how new ones are written beside them.

Everything works on the text of one value at a time, so what is not concerned stays as it was, to
the character: comments, order, quotes, indents, line ends.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

import yaml

from mantlet.scenario.document import scalar

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = re.compile(r"[^\W_](?:[\w .()/+-]*[\w.()/+-])?")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")

Node = Any
Step = str | int


def compose(text: str) -> Node:
    """The node tree of a text: places and styles, no values are made.

    The text must have passed `document.parse` without a mistake: one document, no tags, no aliases.
    """
    return yaml.compose(text, Loader=_LOADER)


def child(node: Node, step: Step) -> Node:
    """The node of a key or of a list index."""
    if isinstance(step, int):
        return node.value[step]
    return next(value for key, value in node.value if key.value == step)


def at(root: Node, place: Sequence[Step]) -> Node:
    """The node at a place."""
    for step in place:
        root = child(root, step)
    return root


def is_flow(node: Node) -> bool:
    """Whether a collection is written in brackets."""
    return bool(node.flow_style)


def start(node: Node) -> int:
    """Index of a node's first character."""
    return int(node.start_mark.index)


def end(text: str, node: Node) -> int:
    """Index after a node's last character, without what only follows it (blank lines, comments)."""
    if isinstance(node, yaml.CollectionNode) and not is_flow(node):
        last = node.value[-1]
        return end(text, last[1] if isinstance(last, tuple) else last)
    stop = int(node.end_mark.index)
    return start(node) + len(text[start(node) : stop].rstrip()) if stop > start(node) else stop


def line_start(text: str, index: int) -> int:
    """Index of the first character of a line."""
    return text.rfind("\n", 0, index) + 1


def line_end(text: str, index: int) -> int:
    """Index after a line's line break, or the end of the text."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def key_text(key: str) -> str:
    """A key as it is written."""
    return _word(key, "")


def flow(value: Any) -> str:
    """A value on one line: `{id: cape, site: {lat: 1.5, lon: 2}}`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key_text(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return plain(value)


def plain(value: Any, style: str | None = "") -> str:
    """A scalar as it is written; texts keep the quotes (`style`) of the one they replace."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _word(value, style or "") if isinstance(value, str) else repr(value)


def _word(text: str, style: str) -> str:
    if style == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    if not style and _PLAIN.fullmatch(text) and isinstance(scalar(text), str):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def block(value: Any, column: int) -> str:
    """A value over several lines, the first of them without its indent of `column` spaces."""
    if isinstance(value, dict) and value:
        lines = [f"{key_text(k)}:{below(v, column)}" for k, v in value.items()]
        return f"\n{' ' * column}".join(lines)
    return flow(value)


def below(value: Any, column: int) -> str:
    """What follows a key's colon: big parts get lines of their own, small ones stay on its line."""
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        dash = f"\n{' ' * (column + 2)}- "
        return "".join(dash + flow(item) for item in value)
    if isinstance(value, dict) and len(flow(value)) > 60:
        return f"\n{' ' * (column + 2)}{block(value, column + 2)}"
    return " " + flow(value)
