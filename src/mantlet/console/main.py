"""The command line. Every command imports its work when it is called: `--help` must not wait."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from mantlet.console import import_


def _lines(title: str, *lines: str) -> str:
    """Help text that keeps its line breaks (click's mark for it is the backspace)."""
    return "\b\n" + "\n".join([f"{title}:", *(f"  {line}" for line in lines)])


app = typer.Typer(
    name="mantlet",
    epilog=_lines(
        "Start here",
        "mantlet demo             watch the tutorial, then eleven days of May 2021",
        "mantlet run tutorial     one run: a folder with tables, report and replay",
        "mantlet check my.yaml    every mistake in an own scenario, with line and fix",
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_CASES = (
    "plane-50, plane-200, sparse, raid, dense, crossing, salvo-1000, clutter, outage, bias, wind, "
    "drag, thrust, merged, two-radars, late"
)

SCENARIO_HELP = "Name of a bundled scenario (see `mantlet scenarios`) or path of a YAML file."
Scenario = Annotated[str, typer.Argument(help=SCENARIO_HELP)]
Seed = Annotated[
    int, typer.Option(min=0, max=2**32 - 1, help="Same seed, same scenario: same bits.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change one value first; list members by id or index. Repeatable.",
    ),
]


def _version(wanted: bool) -> None:
    if wanted:
        from mantlet import __version__

        typer.echo(f"mantlet {__version__}")
        raise typer.Exit


@app.callback()
def _mantlet(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A model of a short-range rocket and shell defence, for protection and analysis.

    Radar, tracking, impact prediction, warning, simulated interception, and an honest count of
    what got through. Everything is simulated; every alert is an exercise.
    """


@app.command(
    epilog=_lines(
        "Examples",
        "mantlet demo",
        "mantlet demo --seed 7 --out /tmp/look",
    )
)
def demo(
    seed: Seed = 1,
    out: Annotated[Path, typer.Option(help="Folder for the two run folders.")] = Path("runs/demo"),
) -> None:
    """Watch the tutorial, then eleven days of May 2021.

    First the tutorial's replay at once, then the May 2021 campaign and its report.

    The replay opens in the browser where there is a display; otherwise its path is printed.
    Both pages are single files that work offline.
    """
    from mantlet.console.demo import demo as work

    work(seed, out)


@app.command(
    epilog=_lines(
        "Examples",
        "mantlet run tutorial",
        "mantlet run may-2021 --seed 3 --out runs/may",
        "mantlet run tutorial --set batteries.north.interceptors=4 --set warning.cost_ratio=0.1",
        "mantlet run my-region.yaml",
    )
)
def run(
    scenario: Scenario,
    seed: Seed = 1,
    out: Annotated[
        Path | None, typer.Option(help="Run folder to write [default: runs/NAME-seedN].")
    ] = None,
    set_: Settings = None,
) -> None:
    """Run a scenario and write its run folder.

    The folder holds the tables, a summary, a report and a replay. It appears whole or not at
    all. Equal scenario, seed, version and platform give byte-identical files (all but
    performance.json).
    """
    from mantlet.console.run import run as work

    work(scenario, seed, out, set_ or [])


@app.command()
def scenarios() -> None:
    """List the bundled scenarios, with a line each."""
    from mantlet.console.scenarios import scenarios as work

    work()


@app.command(
    epilog=_lines(
        "Examples",
        "mantlet check my-region.yaml",
        "mantlet check may-2021 --set batteries.ashdod.interceptors=40",
    )
)
def check(scenario: Scenario, set_: Settings = None) -> None:
    """Check a scenario: every mistake at once.

    Prints what the scenario holds and exits 0, or lists each mistake with file, line, field
    and fix, and exits 2.
    """
    from mantlet.console.check import check as work

    work(scenario, set_ or [])


@app.command(
    epilog=_lines(
        "Examples",
        "mantlet new --centre Valparaíso",
        "mantlet new my-town --centre=-33.05,-71.61 --radius-km 12 --out my-town.yaml",
        "mantlet new --centre 'Springfield, US' --out springfield.yaml",
    )
)
def new(
    name: Annotated[
        str | None, typer.Argument(help="Name of the scenario [default: after the centre].")
    ] = None,
    centre: Annotated[
        str | None, typer.Option(help="A town's name, or LAT,LON (write --centre=-33.05,-71.61).")
    ] = None,
    radius_km: Annotated[
        float | None, typer.Option(help="Places this near become zones, 2 to 100 [default: 20].")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="File to write [default: NAME.yaml].")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Make a scenario for any region of the world.

    Towns and villages come from GeoNames (extra `importers`); outlines, radar, battery and
    raids are notional. The file runs at once; edit it as you like. On a terminal, what is
    missing is asked for.
    """
    from mantlet.console.new import new as work

    work(name, centre, radius_km, out, force)


@app.command(
    epilog=_lines(
        "Examples",
        "mantlet serve tutorial --open                       a run, live, at the speed of life",
        "mantlet serve may-2021 --seed 3 --speed 60",
        "mantlet serve --replay runs/tutorial-seed1          how it was, to any moment",
        "mantlet serve --replay runs/a --replay runs/b       two runs under one clock",
        "mantlet serve                                       scenarios and their editor",
    )
)
def serve(
    scenario: Annotated[str | None, typer.Argument(help=SCENARIO_HELP)] = None,
    seed: Seed = 1,
    speed: Annotated[
        float, typer.Option(min=0.1, max=3600, help="Run seconds per second, at first.")
    ] = 1.0,
    replay: Annotated[
        list[Path] | None, typer.Option(metavar="RUN", help="Run folder to replay. Repeatable.")
    ] = None,
    tiles: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Own map tiles (.pmtiles) to lie below.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8707,
    token: Annotated[
        str | None, typer.Option(help="Secret that visitors need; a must beyond loopback.")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open a browser.")] = False,
) -> None:
    """Open the console: a map in the browser.

    It shows a scenario as it runs, run folders as they were, or scenarios to edit: those of
    this folder, where what is saved goes. Works without a network and listens on this machine
    alone unless told otherwise. Every alert is an exercise.
    """
    from mantlet.console.serve import Place, What
    from mantlet.console.serve import serve as work

    what = What(scenario, seed, speed, tuple(replay or ()), tiles)
    work(what, Place(host, port, token, open_))


@app.command(
    epilog=_lines(
        "Examples",
        "mantlet export runs/tutorial-seed1 --to asterix --out tutorial.pcap",
        "mantlet export runs/tutorial-seed1 --to czml --out tutorial.czml",
        "mantlet export runs/tutorial-seed1 --to csv --out tutorial-tables",
        "mantlet export runs/may-2021-seed1 --to kml --from 90000 --until 93600 --out hour.kml",
    )
)
def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.")],
    to: Annotated[str, typer.Option(help="Format: asterix, czml, geojson, kml, csv or mcap.")],
    out: Annotated[
        Path,
        typer.Option(help="File to write; for csv a new folder; asterix: .ast, .pcap, .final."),
    ],
    from_: Annotated[
        float | None, typer.Option("--from", metavar="S", help="Only from this second on.")
    ] = None,
    until: Annotated[
        float | None, typer.Option("--until", metavar="S", help="Only up to this second.")
    ] = None,
) -> None:
    """Write a run for other programs.

    ASTERIX: plots as CAT048, north markers as CAT034, tracks as CAT062, all marked simulated.
    CZML, GeoJSON and KML: zones, alerts, tracks, predicted impacts and interceptors on a map.
    CSV and MCAP: every table. docs/exports.md says what each of them holds.
    """
    from mantlet.console.export import export as work

    work(run, to, out, from_, until)


@app.command(
    epilog=_lines(
        "Examples",
        "mantlet track recording.pcap --radar radars.yaml",
        "mantlet track north.csv south.csv --radar radars.yaml --out tracked --json",
        "mantlet track udp://239.1.2.3:8600 --radar radars.yaml --seconds 60",
        "mantlet track runs/tutorial-seed1 --smooth --set association=jpda",
        "mantlet track one-radar.csv --radar radars.yaml --tracker mine.py:MyTracker",
    )
)
def track(
    plots: Annotated[
        list[str],
        typer.Argument(
            metavar="PLOTS...",
            help="CSV, Parquet, ASTERIX (raw, pcap, FINAL, udp://..., tcp://...) or RUN.",
        ),
    ],
    radar: Annotated[
        Path | None,
        typer.Option(help="Radars: YAML with a radars: list, or a scenario [default: RUN's own]."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write [default: runs/NAME-tracks].")
    ] = None,
    tracker: Annotated[
        str,
        typer.Option(
            metavar="MODULE:NAME",
            help="mantlet, stonesoup, or a class in a module or .py file.",
        ),
    ] = "mantlet",
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A setting of Mantlet's tracker, such as association=jpda. Repeatable.",
        ),
    ] = None,
    smooth: Annotated[
        bool, typer.Option("--smooth", help="Also smooth every track over all of its plots.")
    ] = False,
    correct: Annotated[
        bool,
        typer.Option(
            "--correct", help="Take estimated biases off the plots, if there is an alarm."
        ),
    ] = False,
    date: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="UTC date of the start of an undated recording."),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(min=1.0, help="Listen to a live source so long, not for ever.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Track radar plots and predict where what they see lands.

    Writes tracks, impacts and the plots used as Parquet, with a summary. What cannot be read or
    used is counted by reason; exit code 2 only if nothing usable is left. Several radars are held
    against each other: a range, azimuth, elevation or clock that is off raises an alarm.
    """
    from mantlet.console.track import How
    from mantlet.console.track import track as work

    how = How(tracker, set_ or [], smooth, correct)
    work(plots, radar, out, how, date, seconds, json)


@app.command(
    epilog=_lines(
        "Examples",
        "mantlet bench",
        "mantlet bench --cases dense,crossing --seeds 20 --out bench",
        "mantlet bench --tracker mantlet --tracker mine.py:MyTracker --cases sparse",
        "mantlet bench --tracker mantlet --tracker mantlet:association=jpda --cases merged",
        "mantlet bench --tracker mine.py:MyTracker --seeds 20 --against bench",
    )
)
def bench(
    tracker: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="mantlet, mantlet:SETTING=VALUE,..., stonesoup, or MODULE:CLASS, FILE.py:CLASS. "
            "Repeatable: the first is compared with each other.",
        ),
    ] = None,
    cases: Annotated[
        str | None, typer.Option(help=f"Names with commas between [default: all]: {_CASES}.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Runs of each case.")] = 3,
    against: Annotated[
        Path | None,
        typer.Option(help="Folder of an earlier bench, to compare with its trackers too."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write tables, a page and pictures to.")
    ] = None,
) -> None:
    """Run any tracker over fixed scenes and lay it beside the bound.

    All trackers get the same plots. The table has what matters most; the folder every measure
    with its interval (bench.csv, .json, .parquet, .md), each run (runs.csv), paired differences
    (paired.csv) and a page with pictures (bench.html), the same on every machine, and speed.json,
    which is not.
    """
    from mantlet.console.bench import bench as work

    work(tracker or ["mantlet"], cases, seeds, out, against)


@app.command(
    epilog=_lines(
        "Examples",
        "mantlet coverage tutorial --height 1000 --out seen",
        "mantlet coverage may-2021 --height 500 --class mortar-120 --out mortars.svg",
        "mantlet coverage my.yaml --height 300 --radar north --out north.geojson",
    )
)
def coverage(
    scenario: Scenario,
    height: Annotated[float, typer.Option(help="Height of the map over the ellipsoid [m].")],
    out: Annotated[
        Path,
        typer.Option(help="Folder for everything, or one file: .geojson, .svg, .png, .pdf, .npz."),
    ],
    class_: Annotated[
        str | None,
        typer.Option(
            "--class", metavar="CLASS", help="Threat class [default: the raids' commonest]."
        ),
    ] = None,
    radar: Annotated[
        list[str] | None, typer.Option(help="Only this radar, by its id. Repeatable.")
    ] = None,
    seconds: Annotated[
        float, typer.Option(help="The combined map looks for a detection within this time [s].")
    ] = 10.0,
    set_: Settings = None,
) -> None:
    """Map what the radars see, and the seconds left to warn.

    A map of the probability of detection at a height, for each radar and for all together, and
    for every town the median time from hearing the alert to the impact. Terrain, horizon and
    field of regard count; jamming and faults do not.
    """
    from mantlet.console.coverage import coverage as work

    work(scenario, height, class_, radar or [], seconds, out, set_ or [])


@app.command(
    epilog=_lines(
        "Examples",
        "mantlet compare runs/tutorial-seed1 runs/tutorial-seed2",
        "mantlet compare runs/may-2021-seed1 runs/less-interceptors runs/more-interceptors",
    )
)
def compare(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN RUN...", help="Run folders.")],
) -> None:
    """Hold the main figures of runs side by side.

    Says whether seed and scenario differ, and in which settings; rates come with an interval
    for their difference. Runs of different table schemas are refused.
    """
    from mantlet.console.compare import compare as work

    work(runs)


explain = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@explain.callback()
def _explain() -> None:
    """Say what the model's numbers rest on."""


@explain.command(
    epilog=_lines(
        "Examples",
        "mantlet explain catalogue",
        "mantlet explain catalogue mortar-81 mortar-120 --figure mortars.svg",
    )
)
def catalogue(
    class_ids: Annotated[
        list[str] | None, typer.Argument(metavar="CLASS", help="Only these classes.")
    ] = None,
    figure: Annotated[
        Path | None, typer.Option(help="Draw the classes' flights: .svg, .png or .pdf.")
    ] = None,
) -> None:
    """List every number of the threats and its source."""
    from mantlet.console.explain import catalogue as work

    work(class_ids or [], figure)


app.add_typer(explain, name="explain")
app.add_typer(import_.app)


def main() -> None:
    """The script `mantlet`. This is the one place where errors become words and exit codes."""
    from mantlet.console import interrupt
    from mantlet.console.errors import INTERRUPTED, report

    interrupt.listen()
    try:
        app()
    except SystemExit as stop:  # how typer ends, also when a command meets Ctrl-C
        if stop.code == INTERRUPTED:
            report(KeyboardInterrupt())
        raise
    except (Exception, KeyboardInterrupt) as error:
        cause = KeyboardInterrupt() if interrupt.asked() else error
        raise SystemExit(report(cause)) from None
