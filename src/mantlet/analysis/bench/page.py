"""A bench's results as one page that needs nothing else: tables and pictures."""

from collections.abc import Mapping, Sequence
from html import escape

from mantlet.analysis.bench.bench import Bench
from mantlet.analysis.bench.paired import PAIRED_LEGEND, Difference
from mantlet.analysis.bench.table import LEGEND, short_table

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, sans-serif; color: #1d2733; margin: 1.5em auto;
  max-width: 64em; padding: 0 1em; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.15em 0.6em; text-align: right; border-bottom: 1px solid #d8dee4; }
th:first-child, td:first-child, td.word, th.word { text-align: left; }
td.miss, td.worse { color: #a63d00; font-weight: 600; }
td.better { color: #00684c; }
.wide { overflow-x: auto; }
.cases { display: grid; grid-template-columns: repeat(auto-fill, minmax(22em, 1fr)); gap: 1.5em; }
.cases svg { width: 100%; height: auto; }
p.small { color: #5b6875; font-size: 0.9em; }
"""


def page(result: Bench, drawn: Mapping[str, str]) -> str:
    """The page, with the pictures `drawn` (SVG by case)."""
    headings, lines = short_table(result.rows)
    plural = "s" if result.seeds != 1 else ""
    parts = [
        "<!doctype html>",
        "<html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<title>Trackers on fixed scenes</title><style>{_STYLE}</style></head><body>",
        f"<h1>Trackers on fixed scenes, {result.seeds} seed{plural}</h1>",
        "<p>Exercise: simulated flights and radars, all notional.</p>",
        f"<div class='wide'>{_table(headings, lines)}</div>",
        *(f"<p class='small'>{escape(part)}</p>" for part in LEGEND.split("\n")),
        _paired(result.paired),
        "<div class='cases'>",
    ]
    for album in result.albums:
        words = f"<h2>{escape(album.case)}</h2><p>{escape(album.words)}</p>"
        parts.append(f"<section>{words}{drawn[album.case]}</section>")
    return "\n".join([*parts, "</div></body></html>"]) + "\n"


def _table(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in headings)
    rows = []
    for line in lines:
        cells = "".join(_cell(cell, k) for k, cell in enumerate(line))
        rows.append(f"<tr>{cells}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _cell(text: str, column: int) -> str:
    if column < 2:
        return f"<td class='word'>{escape(text)}</td>"
    kind = " class='miss'" if text.endswith("!") else ""
    return f"<td{kind}>{escape(text)}</td>"


def _paired(found: Sequence[Difference]) -> str:
    """A table for each two trackers: a measure in a line, a case in a column."""
    if not found:
        return ""
    text = ["<h2>Paired differences</h2>", f"<p class='small'>{escape(PAIRED_LEGEND)}</p>"]
    for other in dict.fromkeys(one.other for one in found):
        each = [one for one in found if one.other == other]
        text.append(f"<h3>{escape(each[0].tracker)} against {escape(other)}</h3>")
        text.append(f"<div class='wide'>{_verdicts(each)}</div>")
    return "\n".join(text)


def _verdicts(found: Sequence[Difference]) -> str:
    cases = list(dict.fromkeys(one.case for one in found))
    held = {(one.measure, one.case): one for one in found}
    head = "".join(f"<th>{escape(cell)}</th>" for cell in ("measure", *cases))
    rows = []
    for measure in dict.fromkeys(one.measure for one in found):
        cells = "".join(_verdict(held.get((measure, case))) for case in cases)
        rows.append(f"<tr><td class='word'>{measure}</td>{cells}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _verdict(one: Difference | None) -> str:
    if one is None or one.mean is None or one.other_mean is None:
        return "<td>-</td>"
    return f"<td class='{one.verdict}'>{one.mean:.4g} / {one.other_mean:.4g}</td>"
