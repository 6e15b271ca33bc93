"""The pages a real run leaves, opened from its folder in real Chromium."""

import json
import time

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(browser, tutorial_folder):
    """Open pages of the run, which must ask for nothing and complain of nothing."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    asked, complained = [], []

    def open_page(name: str, fragment: str = ""):
        page = context.new_page()
        page.on("console", lambda message: complained.append(message.text))
        page.on("pageerror", lambda error: complained.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tutorial_folder / name).as_uri() + fragment)
        return page

    yield open_page
    context.close()
    assert complained == []
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []


@pytest.fixture(scope="module")
def summary(tutorial_folder):
    return json.loads((tutorial_folder / "summary.json").read_text())


def test_the_report_tells_the_figures_of_the_summary(opened, summary):
    text = opened("report.html").inner_text("body")
    assert "SIMULATED" in text.upper() and "EXERCISE" in text.upper()
    for name in ("threats", "threatening", "intercepted", "leakers"):
        assert f"{summary[name]:,}" in text
    for heading in ("Where", "When", "Warning time", "tracks", "Interceptors", "Rates", "rest on"):
        assert heading in text


def test_the_report_fits_a_phone(opened):
    page = opened("report.html")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _score(page, name: str) -> int:
    return int(page.inner_text(f"#score-{name}").replace(",", ""))


def test_the_replay_plays_by_itself(opened):
    page = opened("replay.html")
    clock = page.inner_text("#clock")
    deadline = time.monotonic() + 15.0
    while page.inner_text("#clock") == clock:
        assert time.monotonic() < deadline, "the replay stands still"
        time.sleep(0.1)


def test_the_replay_ends_at_the_count_of_the_summary(opened, summary):
    page = opened("replay.html", "#t=100000&paused")
    time.sleep(0.5)
    assert _score(page, "launched") == summary["threats"]
    assert _score(page, "intercepted") == summary["intercepted"]
    assert _score(page, "shots") == summary["shots"]
