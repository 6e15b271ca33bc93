"""What tests may need from the machine: a browser, the record. In CI nothing is skipped."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

IN_CI = os.environ.get("CI", "").lower() in ("1", "true")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
RECORD = Path(os.environ.get("MANTLET_RECORD_DATA") or "no-record").resolve()

NEEDS = {
    "browser": (CHROMIUM, "no Chromium; install it: sudo apt-get install chromium"),
    "record": (
        (RECORD / "alerts_israel").is_dir(),
        "no record; set it: MANTLET_RECORD_DATA=<folder with alerts_israel/ and zones_israel/>",
    ),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A missing need skips a marked test with its remedy; in CI it is a failure."""
    for marker, (there, remedy) in NEEDS.items():
        if item.get_closest_marker(marker) and not there:
            (pytest.fail if IN_CI else pytest.skip)(remedy)


@pytest.fixture(scope="session")
def record_data() -> Path:
    """The folder of the published alert record, for tests marked `record`."""
    return RECORD


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A running headless Chromium (Playwright), for tests marked `browser`."""
    from playwright.sync_api import sync_playwright

    # Chromium refuses its sandbox to root, which is what containers run tests as.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield running
        running.close()
