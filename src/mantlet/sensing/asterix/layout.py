"""The shape of a category: which items a record may hold, and which bits are which element."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.asterix_records import (
    CHAINED,
    COMPOUND,
    EXPLICIT,
    EXTENDED,
    FIXED,
    REPEATED,
    SPARE,
)

Ints = NDArray[np.int64]

EDITIONS = {34: "1.29", 48: "1.32", 62: "1.20"}
"""The categories read and written, and the edition of each one's specification."""

WIDEST = 48
"""Bits of the widest element offered as a number: up to here a float64 holds every value."""

_KINDS = {"repeated": REPEATED, "chained": CHAINED, "explicit": EXPLICIT, "compound": COMPOUND}
_ELEMENT = re.compile(r"([^:]*):(\d+)(s?)(?:\*([0-9./]+)(.*))?")


@dataclass(frozen=True)
class Element:
    """One number of a record: `name` as in "040/RHO"; value = step times the integer there."""

    name: str
    slot: int
    bit: int
    width: int
    signed: bool
    step: float
    unit: str


@dataclass
class Layout:
    """A category's items as tables for the kernels, and its elements by name.

    `slots` (s, 4) int64: kind, octets, first child, number of children; the items proper come
    first, `count` of them in the order of their field reference numbers, then those inside
    compound items. `parents` (s,) is the compound item a slot is inside, -1 for items proper.
    """

    category: int
    count: int = 0
    items: list[str] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    elements: dict[str, Element] = field(default_factory=dict)

    @property
    def slots(self) -> Ints:
        """The table for the kernels."""
        return np.array(self.rows, dtype=np.int64)

    @property
    def parents(self) -> Ints:
        """Slot of the compound item each slot is inside, or -1."""
        return np.array(self.parent, dtype=np.int64)

    def element(self, name: str) -> Element:
        """The element of that name; KeyError naming the category if it has none such."""
        if name not in self.elements:
            raise KeyError(f"CAT{self.category:03} has no element {name!r} that is a number")
        return self.elements[name]

    def add(self, item: str, words: list[str], parent: int = -1) -> int:
        """Append one item; returns its slot."""
        slot = len(self.rows)
        self.items.append(item)
        self.parent.append(parent)
        self.rows.append([SPARE, 0, 0, 0])
        if item != "-":
            self.rows[slot][:2] = self._shape(item, slot, words)
        return slot

    def _shape(self, item: str, slot: int, words: list[str]) -> tuple[int, int]:
        if words[0] in _KINDS:
            return _KINDS[words[0]], int(words[1]) if len(words) > 1 else 0
        bit = 0
        for word in words:
            bit += 1 if word == "FX" else self._element(item, slot, bit, word)
        return EXTENDED if "FX" in words else FIXED, bit // 8

    def _element(self, item: str, slot: int, bit: int, word: str) -> int:
        found = _ELEMENT.fullmatch(word)
        assert found is not None, word
        name, bits, signed, step, unit = found.groups()
        width = int(bits)
        if name != "-" and width <= WIDEST:
            whole = f"{item}/{name}" if name else item
            size = float(Fraction(step)) if step and "/" in step else float(step or 1)
            self.elements[whole] = Element(whole, slot, bit, width, bool(signed), size, unit or "")
        return width


@cache
def layout(category: int) -> Layout:
    """The layout of a category of `EDITIONS`, from its table in `layouts/`."""
    text = files(__package__).joinpath(f"layouts/cat{category:03}.txt").read_text("ascii")
    lines = list(_whole_lines(text.splitlines()))
    made = Layout(category)
    for line in lines:
        if not line.startswith(" "):
            made.add(line.split()[0], line.split()[1:])
    made.count = len(made.rows)
    slot = -1
    for line in lines:
        if not line.startswith(" "):
            slot += 1
            continue
        name, *words = line.split()
        item = name if name == "-" else f"{made.items[slot]}/{name}"
        child = made.add(item, words, slot)
        made.rows[slot][2] = made.rows[slot][2] or child
        made.rows[slot][3] += 1
    return made


def _whole_lines(lines: Iterable[str]) -> Iterator[str]:
    """Lines without comments, each with those that go on with it."""
    held = ""
    for line in lines:
        if line.lstrip().startswith("+"):
            held += " " + line.lstrip()[2:]
        elif not line.startswith("#"):
            if held:
                yield held
            held = line
    yield held
