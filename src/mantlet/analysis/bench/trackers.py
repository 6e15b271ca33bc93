"""Trackers by name: the package's own, an adapter, or somebody's module."""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import ModuleType

from mantlet.tables.errors import InputError
from mantlet.tracking.protocol import AnyTracker, TrackerMaker


def tracker_named(name: str) -> TrackerMaker:
    """The maker of `mantlet`, `stonesoup`, MODULE:NAME or path/to/file.py:NAME.

    `mantlet:SETTING=VALUE,...` is Mantlet's own with other settings (`tracking.settings`). A
    module is looked for in the current folder too.

    Raises
    ------
    InputError
        If there is no such thing, or it cannot be called.
    """
    if name in _KNOWN:
        return _KNOWN[name]()
    if name.startswith("mantlet:") and "=" in name:
        return _with_settings(name.removeprefix("mantlet:").split(","))
    place, colon, attribute = name.rpartition(":")
    if not colon or not place or not attribute:
        known = ", ".join(_KNOWN)
        raise InputError(f"tracker {name!r}\n    fix: choose {known}, or give MODULE:NAME")
    maker = getattr(_module(place), attribute, None)
    if not callable(maker):
        raise InputError(
            f"tracker {name!r}: no {attribute} that can be called in {place}\n"
            "    fix: name a class or function that takes the radars and the air"
        )
    return _checked(name, maker)


def _with_settings(texts: Sequence[str]) -> TrackerMaker:
    """Mantlet's own with these settings."""
    from mantlet.analysis.bench.settings_text import settings_from
    from mantlet.tracking.tracker import Tracker

    return partial(Tracker, settings=settings_from(texts, "tracker mantlet:"))


def _checked(name: str, maker: Callable[..., AnyTracker]) -> TrackerMaker:
    """The maker, its result refused where a method is missing."""

    def make(*arguments: object) -> AnyTracker:
        tracker = maker(*arguments)
        missing = [m for m in ("start", "step", "report") if not callable(getattr(tracker, m, 0))]
        if missing:
            raise InputError(
                f"tracker {name!r}: has no {', '.join(missing)}\n"
                "    fix: see docs/tracking.md for what a tracker has to offer"
            )
        return tracker

    return make


def _module(place: str) -> ModuleType:
    try:
        if place.endswith(".py"):
            return _file(Path(place))
        if "" not in sys.path:
            sys.path.insert(0, "")
        return importlib.import_module(place)
    except (ImportError, FileNotFoundError) as error:
        raise InputError(f"tracker: {place} cannot be imported: {error}") from None


def _file(path: Path) -> ModuleType:
    name = f"_tracker_in_{path.stem}"  # in nobody's way
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise FileNotFoundError(f"no file {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def _ours() -> TrackerMaker:
    from mantlet.tracking.tracker import Tracker

    return Tracker


def _stone_soup() -> TrackerMaker:
    from mantlet.tracking.stone_soup import StoneSoupTracker

    return StoneSoupTracker


_KNOWN: dict[str, Callable[[], TrackerMaker]] = {"mantlet": _ours, "stonesoup": _stone_soup}
