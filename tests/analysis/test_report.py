"""The report: one file, no network, the same bytes, readable."""

import csv
import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from mantlet.analysis.grounds import grounds_of, is_in_sample, references
from mantlet.analysis.report import report_page, write_report
from mantlet.sensing import Faults
from mantlet.threats.raids import Record, RecordedFall
from mantlet.world.terrain import Terrain

PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def page(invented):
    return report_page(invented.tables, invented.scenario, invented.summary, seed=7)


class Tags(HTMLParser):
    """Which elements and attributes a page has."""

    def __init__(self, page):
        super().__init__()
        self.names, self.attributes, self.stack, self.crossed = set(), [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes += [(tag, *each) for each in attrs]


def test_page_says_that_it_is_simulated_and_what_made_it(page, invented):
    assert "SIMULATED" in page
    assert "EXERCISE" in page
    assert invented.scenario.title in page
    assert "seed 7" in page


def test_page_loads_nothing_from_elsewhere(page):
    tags = Tags(page)
    assert not tags.names & {"script", "link", "img", "iframe", "object", "embed"}
    loads = [a for a in tags.attributes if a[1] in ("src", "srcset", "data", "action")]
    assert loads == []
    assert not re.search(r"url\((?!#)|@import", page)


def test_figures_share_no_identifier_by_chance(page):
    """Inline drawings live in one document: an id used twice would draw the wrong shape."""
    shapes = re.findall(r'<(?:path|clipPath)[^>]* id="([^"]+)"', page)
    assert len(shapes) == len(set(shapes))


def test_every_reference_within_a_figure_is_defined(page):
    held = set(re.findall(r' id="([^"]+)"', page))
    wanted = set(re.findall(r'href="#([^"]+)"', page)) | set(re.findall(r"url\(#([^)]+)\)", page))
    assert wanted <= held


def test_same_run_gives_the_same_bytes(invented, page, tmp_path):
    path = tmp_path / "report.html"
    write_report(invented.tables, invented.scenario, invented.summary, 7, path)
    assert path.read_text(encoding="utf-8") == page
    assert path.stat().st_size < 3_000_000


def test_every_rate_stands_with_its_numbers(page, invented):
    for name, rate in invented.summary["rates"].items():
        assert name in page
        assert f"{rate['numerator']:,} of {rate['denominator']:,}" in page


def test_towns_stand_in_the_page_and_all_of_them_beside_it(invented, page, tmp_path):
    write_report(invented.tables, invented.scenario, invented.summary, 7, tmp_path / "r.html")
    lines = (tmp_path / "towns.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(lines))
    populated = invented.tables.zones.population > 0
    assert len(rows) == populated.sum()
    assert sum(int(row["alerts"]) for row in rows) == invented.summary["alerts"]
    assert sum(int(row["needless"]) for row in rows) == invented.summary["needless_alerts"]
    assert sum(int(row["headed"]) for row in rows) == invented.summary["threatening"]
    assert sum(int(row["landed"]) for row in rows) == invented.summary["leakers"]
    shown = page[page.index('class="towns"') :]
    assert html.escape(rows[0]["name"]) in shown[: shown.index("</tr>", 900)]
    assert 'href="towns.csv"' in page


def test_run_without_flights_still_has_a_report(nothing_happens):
    page = report_page(
        nothing_happens.tables, nothing_happens.scenario, nothing_happens.summary, seed=1
    )
    assert "SIMULATED" in page


def test_title_with_markup_is_shown_and_not_obeyed(invented):
    scenario = replace(invented.scenario, title="<b>bold</b> & plain")
    page = report_page(invented.tables, scenario, invented.summary, seed=1)
    assert "&lt;b&gt;bold" in page
    assert "<b>bold</b>" not in page


def test_raids_from_a_record_are_marked_in_sample(invented):
    fall = RecordedFall(0.0, 60.0, -30.0, -120.0, "zone", 3, "rocket-20")
    scenario = replace(invented.scenario, raids=(Record((fall,)),))
    assert is_in_sample(scenario)
    assert "In-sample" in report_page(invented.tables, scenario, invented.summary, seed=1)
    assert not is_in_sample(invented.scenario)


def test_every_source_named_is_listed_with_its_link(invented):
    grounds = grounds_of(invented.scenario, invented.tables.threats)
    named = {source for ground in grounds for source in ground.source_ids}
    listed = references(grounds)
    assert {each.source_id for each in listed} == named
    assert all(each.link.startswith("http") for each in listed)


def test_kill_probability_is_declared_an_input(invented):
    grounds = grounds_of(invented.scenario, invented.tables.threats)
    assert any("kill probability" in g.what and g.grade == "notional" for g in grounds)


def test_a_report_says_what_relief_there_is_and_what_goes_wrong_with_plots(invented):
    scenario = invented.scenario
    hurt = replace(scenario.radars[0], faults=Faults(loss_probability=0.1, outages=((5.0, 9.0),)))
    relief = Terrain(30.0, 30.0, 1.0, np.zeros((2, 2)))
    changed = replace(scenario, radars=(hurt, *scenario.radars[1:]), terrain=relief)

    def told(of):
        return {g.what: g.basis for g in grounds_of(of, invented.tables.threats)}

    assert "ellipsoid" in told(scenario)["Relief"]
    assert "elevation file" in told(changed)["Relief"]
    faults = {what: basis for what, basis in told(changed).items() if what.startswith("Faults")}
    assert faults == {f"Faults of radar {hurt.id}": "outages ((5.0, 9.0),), loss_probability 0.1"}
    assert not any(what.startswith("Faults") for what in told(scenario))


@pytest.mark.browser
@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
def test_page_fits_the_window_and_asks_the_network_for_nothing(browser, page, tmp_path, window):
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    tab = browser.new_page(viewport=window)
    asked, complaints = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(path.as_uri())
    assert asked == [path.as_uri()]
    assert complaints == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= window["width"]
    widths = tab.evaluate("[...document.querySelectorAll('svg')].map(s => s.clientWidth)")
    assert len(widths) == 5
    assert np.all(np.array(widths) > 300)
    tab.close()


@pytest.mark.browser
def test_smallest_text_of_the_figures_is_readable_on_a_phone(browser, page, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    tab = browser.new_page(viewport=PHONE)
    tab.goto(path.as_uri())
    heights = tab.evaluate(
        "[...document.querySelectorAll('svg text')].map(t => t.getBoundingClientRect().height)"
    )
    # Boxes are about 1.15 of the type size: no smaller than 9 CSS pixels of type.
    assert min(heights) >= 10.5
    tab.close()


@pytest.mark.browser
def test_town_by_town_unfolds_within_the_window_of_a_phone(browser, page, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    tab = browser.new_page(viewport=PHONE)
    tab.goto(path.as_uri())
    assert not tab.locator(".towns").is_visible()
    tab.locator("summary").click()
    assert tab.locator(".towns").is_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    label = "getComputedStyle(document.querySelector('.towns td.figure'), '::before').content"
    assert "residents" in tab.evaluate(label)
    tab.close()
