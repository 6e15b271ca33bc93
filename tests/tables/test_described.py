"""The page that describes the tables says what the code declares."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_of_tables_is_that_of_the_code():
    page = runpy.run_path(str(ROOT / "tools" / "describe_tables.py"))["page"]()
    told = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert told == page, "make it anew: python tools/describe_tables.py > docs/tables.md"
