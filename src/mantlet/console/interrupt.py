"""Ctrl-C, remembered.

An interrupt that lands while a kernel is being compiled is raised inside a callback of the
compiler, which drops it and may fail for the lack of what the callback should have done. So it is
remembered here, asked for at every step of progress, and believed over any error it caused.
"""

import signal
import sys
from types import FrameType
from typing import Any

_asked = False


def listen() -> None:
    """Remember Ctrl-C from now on (unless it is ignored, as in a shell's background)."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _on_interrupt)
        sys.unraisablehook = _tell_unraisable


def asked() -> bool:
    """Whether there was an interrupt."""
    return _asked


def check() -> None:
    """Raise the interrupt again that something swallowed."""
    if _asked:
        raise KeyboardInterrupt


def _on_interrupt(number: int, frame: FrameType | None) -> None:
    global _asked
    _asked = True
    raise KeyboardInterrupt


def _tell_unraisable(dropped: Any) -> None:
    if not isinstance(dropped.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(dropped)
