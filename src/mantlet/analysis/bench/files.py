"""A bench's results as files: tables for programs, a page and pictures for people."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from mantlet.analysis.bench import records
from mantlet.analysis.bench.bench import Bench
from mantlet.analysis.bench.paired import COLUMNS as PAIRED
from mantlet.analysis.bench.paired import PAIRED_LEGEND, Difference
from mantlet.analysis.bench.table import COLUMNS, LEGEND, Row, as_csv, as_json, short_table


def write_bench(result: Bench, folder: Path) -> None:
    """Write the whole result into an existing folder.

    bench.csv, .json, .parquet and .md: every measure with its interval and bound; runs.csv: every
    run's figures; paired.csv: the first tracker against each other one; bench.html: the tables
    with a picture of every case, which are in `pictures` too; speed.json: what it cost, the only
    one that differs between machines.
    """
    from mantlet.analysis.bench.page import page

    drawn = {album.case: album.svg() for album in result.albums}
    texts = {
        "bench.csv": as_csv(result.rows),
        "bench.json": as_json(result.rows),
        "bench.md": as_markdown(result),
        "bench.html": page(result, drawn),
        records.FILE: records.as_csv(result.runs),
        "paired.csv": _paired_csv(result.paired),
        "speed.json": json.dumps(list(result.speed), indent=1) + "\n",
    }
    texts |= {f"pictures/{case}.svg": _standing(svg) for case, svg in drawn.items()}
    (folder / "pictures").mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    _write_parquet(result.rows, folder / "bench.parquet")


def _write_parquet(rows: Sequence[Row], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = [pa.string()] * 3 + [pa.float64()] * 4 + [pa.int64()]
    columns = {
        name: pa.array([getattr(row, name) for row in rows], kind)
        for name, kind in zip(COLUMNS, kinds, strict=True)
    }
    pq.write_table(pa.table(columns), path, compression="zstd")


def _paired_csv(found: Sequence[Difference]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(PAIRED)
    writer.writerows([getattr(one, name) for name in PAIRED] for one in found)
    return text.getvalue()


def _standing(svg: str) -> str:
    """A picture that stands by itself rather than within a page."""
    named = (
        svg
        if "xmlns=" in svg
        else svg.replace("<svg ", "<svg xmlns='http://www.w3.org/2000/svg' ", 1)
    )
    return named + "\n"


def as_markdown(result: Bench) -> str:
    """The short table, the paired differences, then every measure with its interval and bound."""
    headings, lines = short_table(result.rows)
    plural = "s" if result.seeds != 1 else ""
    text = [f"# Trackers on fixed scenes, {result.seeds} seed{plural}", "", LEGEND, ""]
    text += [*_lines(headings, lines), ""]
    if result.paired:
        text += ["## Paired differences", "", PAIRED_LEGEND, ""]
        text += [*_lines(list(PAIRED), [_told(asdict(one)) for one in result.paired]), ""]
    text += ["## Every measure", ""]
    text += _lines(list(COLUMNS), [_told(asdict(row)) for row in result.rows])
    return "\n".join(text) + "\n"


def _told(values: dict[str, object]) -> list[str]:
    return ["" if value is None else f"{value}" for value in values.values()]


def _lines(headings: list[str], rows: list[list[str]]) -> list[str]:
    ruled = [headings, ["---"] * len(headings), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in ruled]
