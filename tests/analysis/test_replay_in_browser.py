"""The replay as people meet it: opened from a file in real Chromium."""

import re
import time

import numpy as np
import pytest
from replay_fixture import EMPTY, invented_run, scene

from mantlet.analysis.replay import choose_window, replay_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def run():
    return invented_run()


@pytest.fixture(scope="module")
def replay_file(run, tmp_path_factory):
    path = tmp_path_factory.mktemp("replay") / "replay.html"
    path.write_text(replay_page(run, scene()), encoding="utf-8")
    return path


class Opened:
    """A page with all it complained about and all it asked for."""

    def __init__(self, browser, path, fragment="", **context):
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.complaints, self.requests = [], []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri() + fragment)
        self.until("document.getElementById('legend').children.length > 0")

    def until(self, condition, within_s=15.0):
        """Wait for a condition. Playwright's own wait would have the page run a text, which the
        page's security policy forbids."""
        deadline = time.monotonic() + within_s
        while not self.page.evaluate(condition):
            assert time.monotonic() < deadline, f"never came true: {condition}"
            time.sleep(0.05)

    def number(self, name):
        return int(self.page.inner_text(f"#score-{name}").replace(",", ""))

    def clock_s(self):
        minutes, seconds = self.page.inner_text("#clock").split(" / ")[0].split(":")
        return 60 * int(minutes) + int(seconds)

    def picture(self, selector="#map"):
        return self.page.locator(selector).screenshot()


@pytest.fixture
def opened(browser, replay_file):
    pages = []

    def open_page(path=replay_file, fragment="", **context):
        context.setdefault("viewport", {"width": 1280, "height": 800})
        pages.append(Opened(browser, path, fragment, **context))
        return pages[-1]

    yield open_page
    for page in pages:
        page.context.close()


def test_it_plays_at_once_offline_and_without_complaint(opened):
    shown = opened(offline=True)
    first = shown.picture()
    shown.until("document.getElementById('clock').textContent >= '00:03'")
    assert shown.picture() != first
    assert shown.complaints == []
    assert [url for url in shown.requests if not url.startswith("file:")] == []
    assert not shown.page.is_visible("#error")


def test_at_the_end_the_score_is_the_assessors(opened, run):
    shown = opened(fragment="#paused")
    shown.page.keyboard.press("End")
    own = run.threats.kind != "debris"
    fates = run.outcomes.fate[own]
    shown.until(f"document.getElementById('score-launched').textContent === '{own.sum()}'")
    assert shown.number("intercepted") == (fates == "intercepted").sum()
    assert shown.number("hits") == (fates == "hit zone").sum()
    assert shown.number("elsewhere") == np.isin(fates, ["open ground", "sea", "fell short"]).sum()
    assert shown.number("shots") == len(run.shots)
    assert shown.number("engaged") == len(set(run.shots.track_id))
    alerted = np.isin(run.zones.zone_id, run.alerts.zone_id[run.alerts.kind == "alert"])
    assert shown.number("people") == run.zones.population[alerted].sum()
    assert shown.number("flying") == 0


def test_shots_are_counted_from_the_moment_they_leave(opened, run):
    shown = opened(fragment="#t=60&paused")
    shown.until("document.getElementById('clock').textContent.startsWith('01:00')")
    start = choose_window(run, scene(), None, None).start_s
    launched = (run.shots.launch_time_s <= start + 60.0).sum()
    assert shown.number("shots") == launched


def test_keys_play_step_change_speed_and_show_the_truth(opened):
    shown = opened(fragment="#t=50&paused")
    page = shown.page
    before = shown.clock_s()
    page.keyboard.press("ArrowRight")
    shown.until(f"document.getElementById('slider').value > {before + 4}")
    page.keyboard.press("ArrowLeft")
    shown.until(f"document.getElementById('slider').value < {before + 1}")
    speed = page.inner_text("#speed")
    page.keyboard.press("]")
    shown.until(f"document.getElementById('speed').textContent !== '{speed}'")
    page.keyboard.press("t")
    page.wait_for_selector("#truth[aria-pressed=true]")
    page.keyboard.press(" ")
    page.wait_for_selector("#play[aria-label=Pause]")


def test_true_and_false_plots_look_the_same_until_the_truth_is_asked_for(opened, run):
    shown = opened(fragment="#t=60&paused")
    shown.page.wait_for_timeout(300)
    plain = shown.picture()
    shown.page.click("#truth")
    shown.page.wait_for_timeout(300)
    assert shown.picture() != plain
    shown.page.click("#truth")
    shown.page.mouse.move(0, 0)
    shown.page.wait_for_timeout(300)
    assert shown.picture() == plain


def test_an_event_can_be_jumped_to(opened):
    shown = opened(fragment="#t=120&paused")
    shown.page.wait_for_selector("#events button")
    last = shown.page.locator("#events button").last
    time_s = float(last.get_attribute("data-time"))
    last.click()
    shown.until(f"Math.abs(document.getElementById('slider').value - {max(time_s - 1, 0)}) < 0.2")


def test_right_to_left_names_stand_apart_from_the_words_around_them(opened):
    shown = opened(fragment="#t=150&paused")
    shown.page.wait_for_selector("#events bdi")
    names = shown.page.locator("#events bdi").all_inner_texts()
    assert "المرفأ" in names


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1920, 1080)])
def test_it_fits_the_width_of_a_phone_and_of_a_wall(opened, width, height):
    shown = opened(viewport={"width": width, "height": height})
    sizes = shown.page.evaluate(
        "[document.documentElement.scrollWidth, document.getElementById('map').clientWidth,"
        " document.getElementById('map').clientHeight]"
    )
    assert sizes[0] <= width
    assert sizes[1] > 0.6 * min(width, 1500)
    assert sizes[2] > 250
    assert shown.page.locator(".exercise").is_visible()


def test_who_prefers_less_motion_starts_it_by_hand(opened):
    shown = opened(fragment="#t=40", reduced_motion="reduce")
    shown.page.wait_for_timeout(700)
    assert shown.page.get_attribute("#play", "aria-label") == "Play"
    assert shown.clock_s() == 40


def test_damaged_data_are_told_in_words(opened, replay_file, browser):
    text = replay_file.read_text(encoding="utf-8")
    broken = replay_file.with_name("broken.html")
    broken.write_text(re.sub(r'(id="replay-data">.{40}).{8}', r"\1AAAAAAAA", text), "utf-8")
    page = browser.new_page()
    page.goto(broken.as_uri())
    page.wait_for_selector("#error:not([hidden])")
    assert "cannot be shown" in page.inner_text("#error")
    page.close()


def test_a_run_in_which_nothing_happened_opens_too(opened, tmp_path):
    path = tmp_path / "empty.html"
    path.write_text(replay_page(EMPTY, scene()), encoding="utf-8")
    shown = opened(path)
    assert shown.complaints == []
    assert shown.number("launched") == 0


@pytest.mark.slow
def test_a_hundred_objects_in_the_air_leave_time_for_thirty_frames_a_second(opened, tmp_path):
    path = tmp_path / "busy.html"
    path.write_text(replay_page(invented_run(300, 120.0), scene()), encoding="utf-8")
    shown = opened(path, "#t=90")
    shown.page.wait_for_timeout(3500)
    drawing_ms = float(re.search(r"([\d.]+) ms", shown.page.inner_text("#frames"))[1])
    assert shown.number("flying") > 100
    # 33 ms is a frame at 30 a second; here about 2 ms, the rest is room for busy machines.
    assert drawing_ms < 33
