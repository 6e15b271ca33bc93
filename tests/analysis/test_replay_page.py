import dataclasses
import re

import pytest
from replay_fixture import EMPTY, invented_run, scene

from mantlet.analysis import replay_page as page_module
from mantlet.analysis.replay import replay_page
from mantlet.analysis.replay_page import build_page, join_modules


@pytest.fixture(scope="module")
def page():
    return replay_page(invented_run(), scene())


def test_the_same_run_gives_the_same_page(page):
    assert replay_page(invented_run(), scene()) == page


def test_the_page_loads_nothing_and_allows_nothing(page):
    shell = page.split('<script type="application/json"')[0]
    assert not re.search(r"<(link|img|iframe|object)\b|\bsrc=|@import|url\(", shell)
    assert "default-src &#39;none&#39;" in shell
    assert "unsafe" not in shell


def test_no_handler_is_written_into_the_markup_and_no_text_is_run(page):
    assert not re.search(r"<[^>]+\son\w+=", page.split("<script")[0])
    script = join_modules()
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write", script)


def test_the_page_says_that_it_is_simulated_before_anything_else(page):
    assert page.index("SIMULATED") < page.index("<h1>")


def test_joined_modules_have_no_imports_left():
    script = join_modules()
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    assert script.index("function countUpTo") < script.index("countUpTo(times, time, from, to)")


def test_a_name_declared_in_two_modules_is_refused(monkeypatch):
    texts = {
        "main.js": 'import { a } from "./other.js";\nconst b = 1;\n',
        "other.js": "export const a = 1;\nconst b = 2;\n",
    }
    monkeypatch.setattr(page_module, "_read", texts.__getitem__)
    with pytest.raises(ValueError, match="declared in two modules: b"):
        join_modules()


def test_modules_that_import_each_other_are_refused(monkeypatch):
    texts = {
        "main.js": 'import { a } from "./other.js";\n',
        "other.js": 'import { b } from "./main.js";\n',
    }
    monkeypatch.setattr(page_module, "_read", texts.__getitem__)
    with pytest.raises(ValueError, match=r"main.js > other.js > main.js"):
        join_modules()


def test_a_title_cannot_break_out_of_its_place():
    page = build_page("</title><script>x()</script>", {"t": "</script><script>y()"}, "")
    assert "<script>x()" not in page
    assert "<script>y()" not in page


def test_a_run_in_which_nothing_happened_still_makes_a_page():
    assert "replay-data" in replay_page(EMPTY, scene())


def test_a_run_without_radars_or_batteries_still_makes_a_page():
    bare = dataclasses.replace(scene(), radars=(), batteries=(), outlines=())
    assert "replay-data" in replay_page(EMPTY, bare)


def test_a_small_run_fits_in_a_small_page(page):
    # The issue allows 3 MB for the tutorial; most of this page is the viewer itself.
    assert len(page.encode()) < 300_000
