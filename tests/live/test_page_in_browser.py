"""The console as people meet it: a real server and real Chromium."""

import time
from contextlib import contextmanager

import pytest
from page_tiles import archive, picture

from mantlet.live.app import Service
from mantlet.live.folders import open_run
from mantlet.live.workshop import Workshop

pytestmark = pytest.mark.browser

PATIENCE_S = 20.0


class Shown:
    """A page with all it complained about."""

    def __init__(self, page, address):
        self.page, self.complaints, self.requests = page, [], []
        page.on("console", self.heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(address)

    def heard(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def until(self, condition):
        """Wait for a condition. Playwright's own wait would have the page run a text, which the
        page's security policy forbids."""
        deadline = time.monotonic() + PATIENCE_S
        while not self.page.evaluate(condition):
            assert time.monotonic() < deadline, f"never came true: {condition}"
            time.sleep(0.05)

    def text(self, selector):
        return self.page.inner_text(selector)

    def time_s(self):
        return float(self.page.evaluate("Number(document.getElementById('slider').value)"))

    def seek(self, time_s):
        self.page.evaluate(
            "(time) => { const slider = document.getElementById('slider'); slider.value = time;"
            " slider.dispatchEvent(new Event('change')); }",
            time_s,
        )
        self.until(
            "(([m, s]) => Math.abs(60 * m + Number(s) -"
            f" {time_s}))(document.getElementById('clock').textContent.split(':')) < 3"
        )

    def land(self):
        """The part of the editor's map that is not sea, as it is drawn."""
        return self.page.evaluate(
            "(() => { const canvas = document.querySelector('#edit-map canvas');"
            " const dots = canvas.getContext('2d')"
            ".getImageData(0, 0, canvas.width, canvas.height).data;"
            " let drawn = 0; for (let k = 3; k < dots.length; k += 4) drawn += dots[k] === 255;"
            " return drawn / (dots.length / 4); })()"
        )

    def pause(self):
        self.until("document.querySelector('#play.playing') !== null")
        self.page.click("#play")
        self.until("document.querySelector('#play.playing') === null")


@pytest.fixture
def opened(browser):
    contexts = []

    def open_page(address, **options):
        options.setdefault("viewport", {"width": 1280, "height": 800})
        contexts.append(browser.new_context(**options))
        return Shown(contexts[-1].new_page(), address)

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def watching(opened, replay):
    """Opens the replay, playing."""

    def open_replay(fragment="", **options):
        shown = opened(f"{replay.address}/{fragment}", **options)
        shown.until("document.getElementById('clock').textContent >= '0:01'")
        return shown

    return open_replay


def test_it_plays_at_once_from_its_own_server_alone_and_without_complaint(watching, replay):
    shown = watching()
    first = shown.page.locator("#panes .map-holder").screenshot()
    shown.until("document.getElementById('clock').textContent >= '0:03'")
    assert shown.page.locator("#panes .map-holder").screenshot() != first
    assert shown.complaints == []
    assert [url for url in shown.requests if not url.startswith(replay.address)] == []
    assert shown.text(".exercise") == "EXERCISE"


def test_the_slider_goes_to_any_time_and_brings_its_events(watching):
    shown = watching()
    shown.pause()
    shown.seek(60)
    shown.until("document.querySelectorAll('#events li.alert').length > 0")
    assert "alerted" in shown.text("#events")
    late = shown.page.locator("#events li").count()
    shown.seek(1)
    shown.until(f"document.querySelectorAll('#events li').length < {late}")


def test_jumps_go_to_the_next_alert_and_back(watching):
    shown = watching()
    shown.pause()
    shown.seek(0)
    shown.page.keyboard.press("n")
    shown.until("document.getElementById('slider').value > 5")
    reached = shown.time_s()
    shown.page.keyboard.press("n")
    shown.until(f"document.getElementById('slider').value > {reached}")
    shown.page.keyboard.press("b")
    shown.until(f"document.getElementById('slider').value <= {reached}")


def test_a_click_on_an_alert_tells_why_in_the_records_words(watching, replay):
    shown = watching()
    shown.pause()
    shown.seek(30)
    shown.page.locator("#events li.alert button").first.click()
    shown.until("document.querySelector('#why .sentences li') !== null")
    told = replay.http.get(
        "/api/runs/tutorial/explain",
        params={
            "object": shown.page.locator("#events li.alert button").first.get_attribute(
                "data-object"
            ),
            "time_s": shown.time_s(),
        },
    ).json()
    assert shown.text("#why-title") == told["title"]
    assert shown.page.locator("#why .sentences li").all_inner_texts() == told["sentences"]
    shown.page.keyboard.press("Escape")
    assert not shown.page.is_visible("#why")


def test_a_click_on_the_map_explains_what_lies_there(watching, replay):
    shown = watching()
    shown.pause()
    shown.seek(30)
    where = replay.http.get("/api/runs/tutorial/scene").json()["batteries"][0]
    place = shown.page.evaluate(
        """async ({lon, lat}) => {
          const map = document.querySelector('#panes .map');
          const box = map.getBoundingClientRect();
          return [box.left, box.top, box.width, box.height];
        }""",
        where,
    )
    shown.page.mouse.click(place[0] + place[2] / 2, place[1] + place[3] / 2)
    shown.until("document.querySelector('#why .sentences li') !== null")
    assert shown.text("#why-title")


def test_objects_can_be_gone_through_by_keyboard(watching):
    shown = watching()
    shown.pause()
    shown.seek(30)
    shown.page.keyboard.press("o")
    shown.until("document.getElementById('why-title').textContent.startsWith('Track')")
    first = shown.text("#why-title")
    shown.until("document.querySelector('#why .bars meter') !== null")
    shown.page.keyboard.press("o")
    shown.until(f"document.getElementById('why-title').textContent !== '{first}'")


def test_two_runs_share_one_clock_and_one_view(watching):
    shown = watching("#run=tutorial&beside=again")
    assert shown.page.locator("#panes .pane").count() == 2
    shown.pause()
    shown.seek(60)
    shown.until("document.querySelectorAll('#scores strong').length === 2")
    shown.until("document.querySelector('#events .run-mark') !== null")
    marks = set(shown.page.locator("#events .run-mark").all_text_contents())
    assert marks == {"A", "B"}
    scales = shown.page.locator(".ol-scale-line-inner")
    shown.page.locator("[data-zoom=in]").first.click()
    shown.until("document.querySelectorAll('.ol-scale-line-inner').length === 2")
    time.sleep(0.5)
    assert scales.nth(0).inner_text() == scales.nth(1).inner_text()
    shown.page.set_viewport_size({"width": 1280, "height": 800})
    cut = "(h1 => h1.scrollWidth > h1.clientWidth || h1.scrollHeight > h1.clientHeight + 1)"
    assert not shown.page.evaluate(f"{cut}(document.getElementById('title'))")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1920, 1080)])
@pytest.mark.parametrize("fragment", ["", "#run=tutorial&beside=again"])
def test_it_fits_the_width_of_a_phone_and_of_a_wall(watching, width, height, fragment):
    shown = watching(fragment, viewport={"width": width, "height": height})
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
    for control in ("#play", "#slider", "#run", "#jump-next", "#truth", ".exercise"):
        box = shown.page.locator(control).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= 0 and box["y"] + box["height"] <= height
        on_top = shown.page.evaluate(
            "([x, y, s]) => document.elementFromPoint(x, y).closest(s) !== null",
            [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, control],
        )
        assert on_top, f"{control} is covered"


@contextmanager
def replaying(running, folder, spool, port=0):
    service = Service()
    service.shows.add("tutorial", open_run(folder, spool))
    with running(service, port) as server:
        yield server


def test_after_the_server_restarts_it_goes_on_where_it_was(
    opened, running, tutorial_folder, tmp_path
):
    with replaying(running, tutorial_folder, tmp_path) as first:
        port = int(first.address.rsplit(":", 1)[1])
        shown = opened(first.address)
        shown.until("document.getElementById('clock').textContent >= '0:01'")
        shown.seek(100)
        shown.until("document.getElementById('slider').value > 100.5")
    shown.until("!document.getElementById('link').hidden")
    again = tmp_path / "again"
    again.mkdir()
    with replaying(running, tutorial_folder, again, port):
        shown.until("document.getElementById('link').hidden")
        shown.until("document.getElementById('slider').value > 103")
        assert shown.time_s() < 160


def test_a_scenario_is_drawn_checked_mended_saved_and_run(opened, running, tmp_path):
    with running(Service(workshop=Workshop(tmp_path))) as server:
        shown = opened(f"{server.address}/#edit=tutorial")
        page = shown.page
        shown.until("document.getElementById('verdict').textContent === 'all right'")
        assert shown.land() > 0.2
        page.click("[data-tool=radar]")
        box = page.locator("#edit-map").bounding_box()
        page.mouse.click(box["x"] + 420, box["y"] + 300)
        shown.until("document.getElementById('yaml').value.includes('radar-1')")
        page.fill("#field-radars-2-range_max_m", "-5")
        page.keyboard.press("Tab")
        shown.until("document.querySelector('#form [aria-invalid=true]') !== null")
        assert "range_max_m" in shown.text("#problems")
        assert page.is_disabled("#run-it")
        page.fill("#field-radars-2-range_max_m", "55000")
        page.keyboard.press("Tab")
        shown.until("document.getElementById('verdict').textContent === 'all right'")
        page.click("[data-tool=zone]")
        page.focus("#edit-map")
        page.keyboard.press("Enter")
        shown.until("document.getElementById('yaml').value.includes('Zone 1')")
        page.fill("#field-zones-0-name", "שדרות")
        page.keyboard.press("Tab")
        shown.until("document.getElementById('part').selectedOptions[0].text.includes('שדרות')")
        assert (
            page.locator("#field-zones-0-name").evaluate("e => getComputedStyle(e).direction")
            == "rtl"
        )
        page.keyboard.press("Escape")
        page.click("#undo")
        shown.until("document.getElementById('yaml').value.includes('Zone 1')")
        page.click("#save")
        shown.until("document.getElementById('saved').textContent.startsWith('saved as my-')")
        text = (tmp_path / "my-tutorial.yaml").read_text(encoding="utf-8")
        assert "55000" in text and "# 8 to 12 km inland of the harbour" in text


def test_a_drawn_scenario_runs_at_once_and_is_watched(opened, running, tmp_path):
    with running(Service(workshop=Workshop(tmp_path))) as server:
        shown = opened(f"{server.address}/#edit=tutorial")
        shown.until("document.getElementById('verdict').textContent === 'all right'")
        shown.page.click("#run-it")
        shown.until("document.body.dataset.mode === 'watch'")
        shown.until("document.getElementById('clock').textContent >= '0:01'")
        assert shown.page.is_visible("#live")


def test_a_console_with_a_token_asks_for_it(opened, running):
    with running(Service(token="open-sesame")) as server:
        shown = opened(server.address)
        shown.until("!document.getElementById('login').hidden")
        shown.page.fill("#token", "wrong")
        shown.page.keyboard.press("Enter")
        shown.until("document.getElementById('login-error').textContent !== ''")
        shown.page.fill("#token", "open-sesame")
        shown.page.keyboard.press("Enter")
        shown.until("document.getElementById('login').hidden")


def test_own_tiles_lie_below_the_zones(opened, running, tutorial_folder, tmp_path):
    tiles = tmp_path / "own.pmtiles"
    tiles.write_bytes(archive(picture((250, 0, 250))))
    service = Service(tiles=tiles)
    service.shows.add("tutorial", open_run(tutorial_folder, tmp_path))
    with running(service) as server:
        shown = opened(server.address)
        shown.until(
            "[...document.querySelectorAll('.ol-layer canvas')].some((canvas) => {"
            " const [r, g, b] = canvas.getContext('2d').getImageData(9, 9, 1, 1).data;"
            " return r > 200 && g < 60 && b > 200; })"
        )
        assert not shown.page.is_visible("#notice")
