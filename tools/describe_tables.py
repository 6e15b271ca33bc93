"""Print docs/tables.md: every table of a run folder, as the code declares it.

python tools/describe_tables.py > docs/tables.md
"""

from mantlet.tables.run import TABLES


def page() -> str:
    """The whole page, as Markdown."""
    lines = [
        "# Tables of a run folder",
        "",
        "One Parquet file each, `NAME.parquet`. Times are seconds since the scenario's epoch, UTC.",
        "Made by `python tools/describe_tables.py`.",
    ]
    for name, table in TABLES.items():
        lines += ["", f"## {name}", "", (table.__doc__ or "").strip(), ""]
        lines += ["| column | type | unit | meaning |", "|---|---|---|---|"]
        for column, spec in table.columns().items():
            kind = {str: "text", bytes: "binary"}.get(spec.dtype) or spec.dtype.__name__
            shape = " list" if spec.ragged else f" x {spec.shape[0]}" if spec.shape else ""
            lines.append(f"| `{column}` | {kind}{shape} | {spec.unit} | {spec.meaning} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
