"""Put, append and cut single values in a YAML text, by the places of its nodes.

Layouts that nobody should write (a flow key without a colon) may end in a ValueError.
"""

from typing import Any

import yaml

from mantlet.scenario import layout
from mantlet.scenario.errors import Path as Place


def put(text: str, place: Place, value: Any) -> str:
    """Write `value` at a place; keys missing on the way are begun."""
    root = layout.compose(text)
    node, depth = _deepest(root, place)
    for key in reversed(place[depth + 1 :]):
        value = {key: value}
    if depth == len(place):
        return _replace(text, root, place, value)
    if isinstance(node, yaml.MappingNode):
        return _insert_key(text, node, str(place[depth]), value)
    return _replace(text, root, place[:depth], {place[depth]: value})


def append(text: str, place: Place, value: Any) -> str:
    """Write `value` at a place that is the next one of its list."""
    root = layout.compose(text)
    node = layout.at(root, place[:-1])
    if not node.value:
        return _replace(text, root, place[:-1], [value])
    last = node.value[-1]
    stop = layout.end(text, last)
    if layout.is_flow(node):
        return f"{text[:stop]}, {layout.flow(value)}{text[stop:]}"
    dash = text.rindex("-", 0, layout.start(node.value[0]))
    column = dash - layout.line_start(text, dash)
    inner = int(node.value[0].start_mark.column)
    written = layout.flow(value)
    if isinstance(last, yaml.MappingNode) and not layout.is_flow(last):
        written = layout.block(value, inner)
    return _insert_line(text, stop, f"{' ' * column}-{' ' * (inner - column - 1)}{written}")


def cut(text: str, place: Place) -> str:
    """Take a list member or a key out, with its comments."""
    root = layout.compose(text)
    holder = layout.at(root, place[:-1])
    index = _index(holder, place[-1])
    if layout.is_flow(holder):
        return _cut_flow(text, holder, index)
    if len(holder.value) == 1:
        return _empty(text, root, place[:-1], holder)
    if isinstance(holder, yaml.SequenceNode):
        begin = layout.line_start(text, text.rindex("-", 0, layout.start(holder.value[index])))
        begin = _with_comments(text, begin) if index else begin
    else:
        key = holder.value[index][0]
        begin = layout.line_start(text, layout.start(key))
        if text[begin : layout.start(key)].strip():  # after a dash, which the next key needs
            return text[: layout.start(key)] + text[layout.start(holder.value[index + 1][0]) :]
    return text[:begin] + text[layout.line_end(text, _end(text, holder, index)) :]


def _deepest(root: Any, place: Place) -> tuple[Any, int]:
    """The last node on the way to a place, and how many steps lead to it."""
    node = root
    for depth, step in enumerate(place):
        known = isinstance(node, yaml.SequenceNode) or (
            isinstance(node, yaml.MappingNode) and any(key.value == step for key, _ in node.value)
        )
        if not known:
            return node, depth
        node = layout.child(node, step)
    return node, len(place)


def _index(holder: Any, step: str | int) -> int:
    if isinstance(step, int):
        return step
    return [key.value for key, _ in holder.value].index(step)


def _begin(holder: Any, index: int) -> int:
    member = holder.value[index]
    return layout.start(member[0] if isinstance(member, tuple) else member)


def _end(text: str, holder: Any, index: int) -> int:
    member = holder.value[index]
    return layout.end(text, member[1] if isinstance(member, tuple) else member)


def _replace(text: str, root: Any, place: Place, value: Any) -> str:
    node = layout.at(root, place)
    begin, stop = layout.start(node), layout.end(text, node)
    within = any(layout.is_flow(layout.at(root, place[:k])) for k in range(len(place)))
    if isinstance(node, yaml.ScalarNode) and not isinstance(value, dict | list):
        written = layout.plain(value, node.style)
        return text[:begin] + _spaced(text, begin, written) + text[stop:]
    colon = _colon(text, root, place)
    flowing = isinstance(node, yaml.CollectionNode) and layout.is_flow(node)
    if within or (flowing and node.value):
        return text[:begin] + _spaced(text, begin, layout.flow(value)) + text[stop:]
    if isinstance(node, yaml.MappingNode) and node.value and isinstance(value, dict) and value:
        return text[:begin] + layout.block(value, int(node.start_mark.column)) + text[stop:]
    if not colon:  # a list's member
        return text[:begin] + _spaced(text, begin, layout.flow(value)) + text[stop:]
    column = _column(root, place)
    if isinstance(node, yaml.CollectionNode) and node.value:  # its lines give way
        return text[:colon] + layout.below(value, column) + text[stop:]
    rest = text[:colon] + text[stop:] if stop > begin else text
    written = layout.below(value, column)
    if written.startswith("\n"):
        return _insert_line(rest, colon, written[1:])
    return text[:colon] + written + text[max(stop, colon) :]


def _spaced(text: str, begin: int, written: str) -> str:
    """With a space before it where it would touch a colon or a dash: `key:` had no value."""
    return " " + written if text[begin - 1 : begin] in (":", "-") else written


def _colon(text: str, root: Any, place: Place) -> int:
    """Index after the colon of the key at a place; 0 where a list's member stands there."""
    holder = layout.at(root, place[:-1])
    if not isinstance(holder, yaml.MappingNode):
        return 0
    key = holder.value[_index(holder, place[-1])][0]
    return text.index(":", layout.end(text, key)) + 1


def _column(root: Any, place: Place) -> int:
    holder = layout.at(root, place[:-1])
    return int(holder.value[_index(holder, place[-1])][0].start_mark.column)


def _insert_key(text: str, node: Any, key: str, value: Any) -> str:
    if layout.is_flow(node):
        written = f"{layout.key_text(key)}: {layout.flow(value)}"
        if not node.value:
            return text[: layout.start(node) + 1] + written + text[layout.start(node) + 1 :]
        stop = _end(text, node, -1)
        return f"{text[:stop]}, {written}{text[stop:]}"
    column = int(node.value[0][0].start_mark.column)
    line = " " * column + layout.block({key: value}, column)
    return _insert_line(text, _end(text, node, -1), line)


def _insert_line(text: str, after: int, line: str) -> str:
    """A line of its own below the one that holds the character before `after`."""
    stop = layout.line_end(text, max(after - 1, 0))
    if stop == len(text) and not text.endswith("\n"):
        return f"{text}\n{line}\n"
    return f"{text[:stop]}{line}\n{text[stop:]}"


def _cut_flow(text: str, holder: Any, index: int) -> str:
    if index + 1 < len(holder.value):
        return text[: _begin(holder, index)] + text[_begin(holder, index + 1) :]
    begin = _end(text, holder, index - 1) if index else _begin(holder, index)
    return text[:begin] + text[_end(text, holder, index) :]


def _empty(text: str, root: Any, place: Place, holder: Any) -> str:
    """A block without its only member: `[]` or `{}`, its comments left standing."""
    nothing = "[]" if isinstance(holder, yaml.SequenceNode) else "{}"
    begin, stop = layout.start(holder), layout.end(text, holder)
    colon = _colon(text, root, place) if place else 0
    if not colon:
        return text[:begin] + nothing + text[stop:]
    first, last = layout.line_start(text, begin), layout.line_end(text, max(stop - 1, 0))
    if first < colon:
        return f"{text[:colon]} {nothing}{text[stop:]}"
    return f"{text[:colon]} {nothing}{text[colon:first]}{text[last:]}"


def _with_comments(text: str, begin: int) -> int:
    """The start of the comment lines that stand directly above a line."""
    while begin:
        above = layout.line_start(text, begin - 1)
        if not text[above:begin].lstrip().startswith("#"):
            break
        begin = above
    return begin
