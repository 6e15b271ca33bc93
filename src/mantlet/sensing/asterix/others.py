"""Categories that Mantlet does not read itself, through libasterix (the extra `asterix`)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mantlet.sensing.asterix.loss import Loss
from mantlet.sensing.asterix.recording import read_recording
from mantlet.tables.errors import InputError

_HEADER = 3


def other_records(path: str | Path, category: int) -> tuple[list[dict[str, float]], list[Loss]]:
    """Records of any category of a recording, by libasterix's newest edition of it.

    Parameters
    ----------
    path : path
        Raw, pcap, pcapng or FINAL.
    category : int
        0..255.

    Returns
    -------
    list of dict, list of Loss
        Numbers by item and element ("040/RHO"), in the specification's unit, in file order; and
        blocks that libasterix could not read, or that run past their payload. Some thousands of
        records a second: for a look at what else a recording holds. Repetitive and explicit items
        are left out.

    Raises
    ------
    InputError
        If libasterix is not installed, has no such category or several layouts of it (CAT001), or
        the file cannot be read.
    """
    held = read_recording(path)
    base, edition = _edition(category)
    records: list[dict[str, float]] = []
    losses = []
    for begin, end in zip(held.begins.tolist(), held.ends.tolist(), strict=True):
        for at, stop in _blocks(held.data[begin:end].tobytes()):
            if stop < 0:
                losses.append(Loss("block that does not fit", begin + at, end - begin - at))
            elif held.data[begin + at] == category:
                octets = held.data[begin + at + _HEADER : begin + stop].tobytes()
                parsed = _parsed(base, edition, octets)
                if parsed is None:
                    losses.append(Loss("block that libasterix refuses", begin + at, stop - at))
                else:
                    records += parsed
    return records, losses


def _edition(category: int) -> tuple[Any, Any]:
    """The base module of libasterix, and its newest description of a category."""
    try:
        import asterix.base as base
        import asterix.generated as generated
    except ImportError as error:
        raise InputError(
            "other categories need libasterix\n    fix: pip install mantlet[asterix]"
        ) from error
    editions = {
        (int(found[1]), int(found[2])): getattr(generated, name)
        for name in dir(generated)
        if (found := re.fullmatch(rf"Cat_{category:03}_(\d+)_(\d+)", name))
    }
    if not editions:
        raise InputError(f"libasterix has no category {category}")
    newest = editions[max(editions)]
    if not hasattr(newest.cv_uap, "cv_record"):
        raise InputError(f"category {category} has several layouts, which only its sender tells")
    return base, newest


def _blocks(octets: bytes) -> Iterator[tuple[int, int]]:
    """Begin and end of each block by its length; an end of -1 where one does not fit."""
    at = 0
    while at < len(octets):
        length = int.from_bytes(octets[at + 1 : at + _HEADER], "big")
        fits = at + _HEADER <= len(octets) and _HEADER <= length <= len(octets) - at
        yield at, at + length if fits else -1
        if not fits:
            return
        at += length


def _parsed(base: Any, edition: Any, octets: bytes) -> list[dict[str, float]] | None:
    """Records of a block's octets; None if they are none."""
    parsed = edition.cv_uap.parse(base.Bits.from_bytes(octets))
    if isinstance(parsed, ValueError) or not parsed:
        return None
    return [
        dict(
            pair for key, item in record.items_regular.items() for pair in _numbers(base, key, item)
        )
        for record in parsed
    ]


def _numbers(base: Any, name: str, part: Any) -> Iterator[tuple[str, float]]:
    """All elements inside a part, by name."""
    if isinstance(part, base.NonSpare | base.RuleVariation):
        yield from _numbers(base, name, part.arg)
    elif isinstance(part, base.Element):
        yield name, _value(part)
    elif isinstance(part, base.Group):
        for inner in part.arg:
            yield from _named(base, name, inner)
    elif isinstance(part, base.Extended):
        for group in part.arg:
            for inner in group:
                yield from _named(base, name, inner)
    elif isinstance(part, base.Compound):
        for key, inner in part.arg.items():
            yield from _numbers(base, f"{name}/{key}", inner)


def _named(base: Any, name: str, inner: Any) -> Iterator[tuple[str, float]]:
    if isinstance(inner, base.Item):
        yield from _numbers(base, f"{name}/{inner.arg.cv_name}", inner.arg)


def _value(element: Any) -> float:
    raw, size = element.as_uint(), element.cv_bit_size
    content = getattr(element.cv_rule, "cv_content", None)
    kind = getattr(content, "cv_signedness", None)
    if kind is not None and kind.__name__ == "Signed" and raw >= 2 ** (size - 1):
        raw -= 2**size
    return float(raw * getattr(content, "cv_lsb", 1.0))
