"""Speed of ASTERIX, both directions: `python benchmarks/asterix.py`.

CPU time of the one thread per million CAT048 records, in memory: columns to data blocks, and data
blocks to columns (finding and checking every record first). Fixed: all records have the items
Mantlet writes. Mixed: each item is there or not by chance, so that hardly two records in a row are
alike. Best of five after an untimed pass, so nothing is compiled on the clock. Seeded. Then what a
datagram may cost: mutated ones of 1,400 octets, and 64 KiB made to be slow.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np

from mantlet.sensing import Radar
from mantlet.sensing.asterix import PlotStream, contents, encode, recording
from mantlet.world.earth import Site

RECORDS = 1_000_000
FIXED = {"010/SAC": 1, "010/SIC": 255, "140": 86_399, "020/TYP": 1, "020/SIM": 1, "040/RHO": 250,
         "040/THETA": 359, "110/3DH": 200_000}  # fmt: skip
MIXED = {**FIXED, "020/ME": 1, "070/MODE3A": 4095, "130/SAM": 100, "130/PAM": 100, "161/TRN": 4095,
         "200/GSP": 0.5, "170/RAD": 3, "120/CAL/CAL": 500, "230/STAT": 7}  # fmt: skip


def columns(tops: dict[str, float], chance: float, rng: np.random.Generator) -> dict[str, Any]:
    made = {name: np.rint(rng.uniform(0, top, RECORDS)) for name, top in tops.items()}
    for name, column in made.items():
        if not name.startswith("010"):
            column[rng.random(RECORDS) >= chance] = np.nan
    return made


def best(work: Callable[[], Any], times: int = 5) -> float:
    work()
    taken = []
    for _ in range(times):
        begin = time.thread_time()
        work()
        taken.append(time.thread_time() - begin)
    return min(taken)


def rates(name: str, made: dict[str, Any]) -> np.ndarray[Any, Any]:
    octets = encode(48, made, RECORDS).blocks().octets
    out_s = best(lambda: encode(48, made, RECORDS).blocks())
    in_s = best(lambda: contents(recording(octets)).records[48].columns(list(made)))
    print(f"{name}: {len(octets) / RECORDS:.1f} octets a record; "
          f"written {RECORDS / out_s / 1e6:.2f}, read {RECORDS / in_s / 1e6:.2f} million records/s"
          )  # fmt: skip
    return octets


def hostile(octets: np.ndarray[Any, Any], rng: np.random.Generator) -> None:
    taken = np.empty(20_000)
    for i in range(taken.size):
        at = int(rng.integers(octets.size - 1400))
        datagram = octets[at : at + 1400].copy()
        datagram[rng.integers(0, 1400, 8)] = rng.integers(0, 256, 8)
        begin = time.thread_time()
        contents(recording(datagram))
        taken[i] = time.thread_time() - begin
    median, late, worst = 1e3 * np.quantile(taken, (0.5, 0.99, 1.0))
    print(f"20,000 mutated datagrams of 1,400 octets: median {median:.3f}, p99 {late:.3f}, "
          f"slowest {worst:.2f} ms")  # fmt: skip
    for name, worst in {
        "blocks within blocks": bytes([48, 0x20, 0x00, 0x80]) * 16_000,
        "no end": bytes([48]) * 64_000,
        "smallest records": bytes([48, 0xF9, 0xFC]) + bytes([0x80, 1, 2]) * 21_331,
        "two shapes in turn": bytes([48, 0xF9, 0xF9]) + bytes([0x80, 1, 2, 0x81, 0, 1, 2]) * 9_142,
        "an extended item each": bytes([48, 0xF9, 0xFC]) + bytes([0xA0, 1, 2, 0]) * 15_998,
        "compound items": bytes([62, 0xF9, 0xF9])
        + bytes([0x81, 0x10, 1, 2, 0x01, 0x01, 0x01, 0x00]) * 7_998,
        "blocks to skip": bytes([21, 0, 3]) * 21_333,
        "a fault in every block": bytes([48, 0, 6, 0x80, 1, 2, 0]) * 9_142,
        "looks in vain": bytes([48, 0, 7, 0x80, 1, 2, 0x40]) * 9_142,
    }.items():
        data = np.frombuffer(worst, np.uint8).copy()
        held = recording(data)
        found_s = best(lambda held=held: contents(held))
        live_s = best(lambda worst=worst: live(worst))
        print(f"64 KiB, {name}: {1e3 * found_s:.2f} ms; of a live source {1e3 * live_s:.2f} ms")


def live(payload: bytes) -> None:
    stream = PlotStream([Radar("north", Site(31.6, 34.6))], datetime(2030, 6, 1, tzinfo=UTC))
    for _ in stream.feed(payload, 5.0):
        pass


def main() -> None:
    rng = np.random.default_rng(1)
    fixed = rates("fixed", columns(FIXED, 1.0, rng))
    rates("mixed", columns(MIXED, 0.5, rng))
    hostile(fixed, rng)


if __name__ == "__main__":
    main()
