"""The page on coverage: its example runs, and its table names every property there is."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "coverage.md").read_text(encoding="utf-8")


def test_the_example_runs_and_every_property_is_named():
    held: dict[str, object] = {}
    exec(re.search(r"```python\n(.+?)```", PAGE, re.DOTALL).group(1), held)
    named = set(re.findall(r"`(\w+)`", PAGE.split("## Layers")[1].split("## From")[0]))
    for feature in held["seen"].geojson()["features"]:
        assert set(feature["properties"]) <= named
        assert feature["properties"]["layer"] in named
