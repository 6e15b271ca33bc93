"""What is wrong with a scenario: every mistake at once, each with its place and a fix."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from mantlet.tables.errors import InputError

Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing to correct. `line` is 1-based, 0 where a line means nothing."""

    file: str
    line: int
    field: str
    problem: str
    fix: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f" {self.field}:" if self.field else ""
        return f"{place}:{field} {self.problem}" + (f"\n    fix: {self.fix}" if self.fix else "")


class ScenarioErrors(InputError):  # noqa: N818 -- it is a list of them
    """A scenario that cannot be used, with the complete list of its mistakes."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes: tuple[Mistake, ...] = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(map(str, self.mistakes)))


def dotted(path: Path) -> str:
    """`("radars", 0, "site")` as `radars[0].site`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def steps_of(field: str) -> list[str | int]:
    """The parts of a `dotted` path: `radars[0].site` as `["radars", 0, "site"]`."""
    found = re.findall(r"\[(\d+)\]|([^.\[\]]+)", field)
    return [int(index) if index else key for index, key in found]


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word meant by a misspelt one, or an empty string."""
    if sum(name.startswith(word) for name in known) > 1:
        return ""  # the beginning of several means none of them more than the others
    found = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    if found:
        return found[0]
    stem = word.lower().split("_")[0]
    same = [name for name in known if name.split("_")[0] == stem]
    return same[0] if same and stem else ""


def choices(known: Iterable[str], limit: int = 12) -> str:
    """A readable list of what would have been allowed."""
    names = sorted(known)
    rest = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + rest


def suggest(word: str, known: Sequence[str]) -> str:
    """The fix for a name that does not exist."""
    meant = nearest(word, known)
    if meant:
        return f"did you mean {meant}?"
    return f"choose from: {choices(known)}" if known else ""
