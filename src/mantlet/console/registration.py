"""What was found of the radars' registration, in lines for the terminal."""

from datetime import datetime, timedelta
from typing import Any

SHOWN = 6
"""So many pairs of radars are told of; the table has all."""


def registration_lines(summary: dict[str, Any]) -> list[str]:
    """Biases by pair, then alarms and what to do; nothing where there is one radar."""
    found = summary["registration"]
    if found is None:
        return []
    lines = _pairs(found["pairs"]) + [f"ALARM  {told}" for told in found["alarms"]]
    lines += [f"earlier ALARM  {_past(told, summary['epoch'])}" for told in found["past_alarms"]]
    if "corrected" in summary:
        return lines + _corrected(summary["corrected"])
    if found["alarms"]:
        lines.append(
            "       fix: set the radar right, or track once more with --correct, "
            "which takes the estimates off the plots"
        )
    return lines


def _corrected(done: dict[str, Any]) -> list[str]:
    if not done["taken_off"]:
        return ["corrected  nothing: no alarm"]
    lines = [f"corrected  {radar}: {_taken_off(off)}" for radar, off in done["taken_off"].items()]
    still = [f"ALARM after that  {told}" for told in done["alarms"]]
    return lines + (still or ["corrected  the tracks of the corrected plots raise no alarm"])


def _pairs(pairs: list[dict[str, Any]]) -> list[str]:
    from mantlet.analysis.registration import described

    if not pairs:
        return ["Registration: no two radars saw a track together, so nothing can be said."]
    alarmed_first = sorted(pairs, key=lambda pair: not pair["alarm"])
    verdict = "" if any(pair["alarm"] for pair in pairs) else "no alarm; "
    lines = [f"Registration: {verdict}what a radar shows more than another (1 sigma in brackets)"]
    lines += [f"  {p['radar']} - {p['against']}: {described(p)}" for p in alarmed_first[:SHOWN]]
    if len(pairs) > SHOWN:
        lines.append(f"  ... and {len(pairs) - SHOWN} more pairs in registrations.parquet")
    return lines


def _past(told: dict[str, Any], epoch: str | None) -> str:
    first, last = (_time(told[key], epoch) for key in ("from_s", "until_s"))
    when = f"of {first}" if first == last else f"from {first} to {last}"
    return f"{told['what']}, estimated {when}"


def _time(time_s: float, epoch: str | None) -> str:
    if epoch is None:
        return f"{time_s:.0f} s"
    return f"{datetime.fromisoformat(epoch) + timedelta(seconds=round(time_s)):%H:%M:%S}"


def _taken_off(off: dict[str, float]) -> str:
    from math import degrees

    return (
        f"range {off['range_m']:+.1f} m, azimuth {degrees(off['azimuth_rad']):+.3f} deg, "
        f"elevation {degrees(off['elevation_rad']):+.3f} deg, time {off['time_s']:+.3f} s "
        "taken off its plots"
    )
