"""Print docs/tables.md: every table of a run folder and of a tracked one, as the code declares it.

python tools/describe_tables.py > docs/tables.md
"""

from inspect import cleandoc

from mantlet.tables import Towns
from mantlet.tables.base import Table
from mantlet.tables.run import TABLES, TRACKED_TABLES

TRACKED = """
# Tables of a tracked folder

`mantlet track` writes `plots` (those used), `tracks` and `impacts` with the columns above, and
`smoothed` (with `--smooth`) with those of `tracks`: a row for each plot that a track took, from its
first to its last. With several radars there is one more.
"""


def page() -> str:
    """The whole page, as Markdown."""
    lines = [
        "# Tables of a run folder",
        "",
        "One Parquet file each, `NAME.parquet`. Times are seconds since the scenario's epoch, UTC.",
        "Made by `python tools/describe_tables.py`.",
    ]
    for name, table in TABLES.items():
        lines += _described(name, table)
    lines += _described("towns.csv", Towns)
    lines += TRACKED.splitlines()
    for name, table in TRACKED_TABLES.items():
        if table not in TABLES.values():
            lines += _described(name, table)
    return "\n".join(lines) + "\n"


def _described(name: str, table: type[Table]) -> list[str]:
    lines = ["", f"## {name}", "", cleandoc(table.__doc__ or ""), ""]
    lines += ["| column | type | unit | meaning |", "|---|---|---|---|"]
    for column, spec in table.columns().items():
        kind = {str: "text", bytes: "binary"}.get(spec.dtype) or spec.dtype.__name__
        shape = " list" if spec.ragged else f" x {spec.shape[0]}" if spec.shape else ""
        lines.append(f"| `{column}` | {kind}{shape} | {spec.unit} | {spec.meaning} |")
    return lines


if __name__ == "__main__":
    print(page(), end="")
