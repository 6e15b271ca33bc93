"""The figures and pictures of docs/validation-flight.md, made anew: one command.

    MANTLET_RECORD_DATA=<folder with range_table_1935/ ...> python benchmarks/validate_flight.py

Prints Markdown tables and writes docs/pictures/flight-*.png. Two minutes; the records are read
where they lie and only what follows from them is written.
"""

import math
import os
import sys
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / folder) for folder in ("reference", "threats", "kernels")]

import flight_records  # noqa: E402
import test_dormand_prince as integrator  # noqa: E402
import test_reference_flights as reference  # noqa: E402
from flight_states import flat_launch, flown, launch  # noqa: E402

from mantlet.analysis.catalogue_figure import draw_families  # noqa: E402
from mantlet.analysis.figures import COLOURS, INK, drawing  # noqa: E402
from mantlet.kernels import dormand_prince  # noqa: E402
from mantlet.kernels.flight import RTOL, fly  # noqa: E402
from mantlet.threats.catalogue import CLASSES  # noqa: E402
from mantlet.threats.families import time_in_air_s  # noqa: E402
from mantlet.world.air import Air  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
LOG, MODEL = COLOURS["sea"], COLOURS["hit zone"]


def save(figure: Figure, name: str) -> None:
    figure.savefig(PICTURES / f"flight-{name}.png", dpi=120)


def vacuum() -> None:
    print("| range km | time s | apogee km | round Earth: time | range |\n|---|---|---|---|---|")
    for range_km in (10, 20, 40, 75, 160):
        speed = math.sqrt(1000.0 * range_km * 9.80665)
        _, flat_s, _, apogee = flown(flat_launch(speed, 45.0), air=Air(flat=True))
        start = launch(speed, 45.0)
        _, round_s, impact, _ = flown(start)
        far = np.linalg.norm(impact[0, :3] - start[0, :3]) / (1000.0 * range_km)
        print(
            f"| {range_km} | {flat_s[0]:.2f} | {apogee[0] / 1000:.3f} | "
            f"{100 * (round_s[0] / flat_s[0] - 1):+.2f} % | {100 * (far - 1):+.2f} % |"
        )


def times() -> None:
    print("| class | longest range km | in the air s | median | vacuum, 45 degrees |")
    print("|---|---|---|---|---|")
    for name, kind in CLASSES.items():
        if name != "debris":
            shortest, median, longest = time_in_air_s(name, 0.9)
            vacuum_s = math.sqrt(2000.0 * kind.range_max_km / 9.80665)
            print(
                f"| {name} | {kind.range_max_km:g} | {shortest:.0f}-{longest:.0f} | {median:.0f} | "
                f"{vacuum_s:.0f} |"
            )


def order() -> None:
    """Error of the integrator over the step on the linear-drag flight of the tests."""
    dormand_prince.push = integrator.push
    steps = 2.0 ** np.arange(2, -4, -1)
    exact = integrator.exact(16.0)[:3]
    errors = [np.linalg.norm(integrator.stepped(h)[0][:3] - exact) for h in steps]
    with drawing("order"):
        figure = Figure(figsize=(4.4, 2.8), layout="constrained")
        axis = figure.subplots()
        axis.loglog(steps, errors, "o", color=INK, label="error after 16 s")
        axis.loglog(steps, errors[0] * (steps / steps[0]) ** 5, color=MODEL, label="fifth order")
        axis.set(xlabel="step, s", ylabel="m")
        axis.set_xticks(steps, [f"{step:g}" for step in steps], minor=False)
        axis.minorticks_off()
        axis.grid(True)
        axis.legend()
        save(figure, "order")
    print("orders between steps:", np.round(np.log2(np.divide(errors[:-1], errors[1:])), 2))


def classes() -> None:
    """A thousand flights of all classes against DOP853."""
    print("| class | flights | median m | worst m |\n|---|---|---|---|")
    errors = {}
    for name in CLASSES:
        flights = reference.columns(name, 91, 2)
        impact = fly(*flights, reference.AIR.packed, rtol=RTOL)[2]
        rows = zip(*flights, strict=True)
        wanted = [
            reference.point_mass.fly(s, d, int(f), b, t, reference.AIR)[1]
            for s, _, d, f, b, t in rows
        ]
        errors[name] = np.linalg.norm(impact[:, :3] - np.array(wanted)[:, :3], axis=1)
        print(f"| {name} | 91 | {np.median(errors[name]):.4f} | {errors[name].max():.3f} |")
    with drawing("classes"):
        figure = Figure(figsize=(4.4, 3.0), layout="constrained")
        axis = figure.subplots()
        for row, error in enumerate(errors.values()):
            axis.semilogx(error, np.full(len(error), row), ".", color=INK, markersize=3)
        axis.axvline(0.1, color=MODEL)
        axis.set_yticks(range(len(errors)), list(errors))
        axis.invert_yaxis()
        axis.set(xlabel="distance from DOP853 at impact, m (line: the bound)")
        save(figure, "dop853")


def range_table(folder: Path) -> None:
    form, wanted, got = flight_records.range_table(folder)
    errors = {
        "range, %": 100.0 * (got.range_m / wanted.range_m - 1.0),
        "time of flight, %": 100.0 * (got.time_s / wanted.time_s - 1.0),
        "striking speed, %": 100.0 * (got.speed_mps / wanted.speed_mps - 1.0),
        "angle of fall, deg": got.fall_deg - wanted.fall_deg,
    }
    print(f"form factor {form:.3f}\n| | mean | least | greatest |\n|---|---|---|---|")
    with drawing("range-table"):
        figure = Figure(figsize=(4.4, 2.8), layout="constrained")
        axis = figure.subplots()
        marks = zip(errors.items(), ("o", "s", "^", "x"), strict=True)
        for (name, error), mark in marks:
            print(f"| {name} | {error.mean():+.2f} | {error.min():+.2f} | {error.max():+.2f} |")
            axis.plot(wanted.range_m / 1000.0, error, mark, markersize=3, label=name)
        axis.axhline(0.0, color=INK, linewidth=0.6)
        axis.set(xlabel="range of the table, km", ylabel="model minus table")
        axis.grid(True)
        axis.legend()
        save(figure, "range-table")


def coasts(folder: Path) -> None:
    print("| log | from s | apogee m | predicted m | error | fitted half, rms m |")
    print("|---|---|---|---|---|---|")
    with drawing("coasts"):
        figure = Figure(figsize=(7.2, 4.6), layout="constrained")
        axes = figure.subplots(2, 5).ravel()
        for axis, name in zip(axes, flight_records.PADS_M, strict=False):
            c = flight_records.coast(folder, name)
            error = 100.0 * (c.predicted_m / c.apogee_m - 1.0)
            print(
                f"| {name} | {c.time_s[0]:.1f} | {c.apogee_m:.0f} | {c.predicted_m:.0f} | "
                f"{error:+.1f} % | {c.rms_m:.1f} |"
            )
            half = 0.5 * (c.time_s[0] + c.time_s[-1])
            axis.plot(c.time_s[::8], c.height_m[::8] / 1000.0, ".", color=LOG, markersize=3)
            axis.plot(c.time_s, c.model_m / 1000.0, color=MODEL, linewidth=1.0)
            axis.axvline(half, color=INK, linewidth=0.5, linestyle=":")
            axis.set_title(name.partition("_")[0], loc="left")
            axis.set(xlabel="s after lift-off", ylabel="km")
        save(figure, "coasts")


def mortars(folder: Path) -> None:
    print("| class | bombs | range seen | range model | apex seen | apex model |")
    print("|---|---|---|---|---|---|")
    for r in flight_records.mortar_ratios(folder):
        print(
            f"| {r.class_id} | {r.count} | {r.seen_range:.2f} | {r.model_range:.2f} | "
            f"{r.seen_apex:.2f} | {r.model_apex:.2f} |"
        )


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    folder = Path(os.environ["MANTLET_RECORD_DATA"])
    (PICTURES / "flight-catalogue.png").write_bytes(draw_families(tuple(CLASSES), "png"))
    vacuum()
    times()
    classes()
    range_table(folder)
    coasts(folder)
    mortars(folder)
    order()  # last: it puts another law in place of the air's


if __name__ == "__main__":
    main()
