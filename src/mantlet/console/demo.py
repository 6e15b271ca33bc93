"""`mantlet demo`: watch the tutorial at once, then run the May 2021 campaign."""

import os
import sys
import webbrowser
from pathlib import Path

from mantlet.console.run import compute
from mantlet.console.summary import print_summary


def demo(seed: int, out: Path) -> None:
    """Run the tutorial and open its replay, then the main job with its report and replay."""
    print("1 of 2  tutorial: an invented coastal town (SIMULATED, an exercise)", flush=True)
    tutorial = out / "tutorial"
    finished = compute("tutorial", seed, tutorial, [])
    print_summary(finished, tutorial)
    _show(tutorial / "replay.html")
    print("\n2 of 2  may-2021: eleven days, notional sites, published launch counts", flush=True)
    campaign = out / "may-2021"
    finished = compute("may-2021", seed, campaign, [])
    print_summary(finished, campaign)
    _show(campaign / "report.html")


def _show(page: Path) -> None:
    """Open a page where there is a display; otherwise its path has been printed already."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return
    webbrowser.open(page.resolve().as_uri())
