"""Millions of mutated datagrams: no crash, no hang, nothing read past an end, losses counted."""

import re
from pathlib import Path

import numpy as np
import pytest

from mantlet.kernels.asterix_lengths import record_end
from mantlet.sensing.asterix import contents, encode, recording
from mantlet.sensing.asterix.recording import Recording
from mantlet.sensing.asterix.walking import walk_tables

CORPUS = Path(__file__).with_name("corpus.txt")
TIMES = np.arange(5.0)
GOOD = encode(48, {"010/SIC": 1.0, "140": 3600.0 + TIMES, "040/RHO": 9.0, "110/3DH": 5e3}, 5)
GOOD = GOOD.blocks().octets
GOOD_TIMES = (3600.0 + TIMES).tolist()
SHAPES = 64  # octets of each datagram that is mutated


def corpus():
    for line in CORPUS.read_text().splitlines():
        if not line.startswith("#"):
            name, behind, octets = line.split(maxsplit=2)
            yield pytest.param(_octets(octets), behind, id=name)


def _octets(text):
    group = re.compile(r"\[([^]]*)\](?:\*(\d+))?|(\w\w)(?:\*(\d+))?")
    return b"".join(
        bytes.fromhex(several or one) * int(times or often or 1)
        for several, times, one, often in group.findall(text)
    )


def read(octets):
    return contents(recording(np.frombuffer(octets, np.uint8).copy()))


@pytest.mark.parametrize(("octets", "behind"), list(corpus()))
def test_every_datagram_of_the_corpus_is_read_or_its_loss_counted(octets, behind):
    alone, found = read(octets), read(octets + GOOD.tobytes())
    assert alone.octets_lost <= len(octets)
    told = found.records[48].column("140")[-5:].tolist() == GOOD_TIMES
    assert told if behind == "5" else (told or found.octets_lost > 0 or found.skipped)


@pytest.mark.parametrize(("octets", "behind"), list(corpus()))
def test_cut_anywhere_the_corpus_reads_nothing_past_the_end(octets, behind):
    # What stands behind the end is a good block: a read past it would find that.
    for end in range(1, min(len(octets), 80)):
        check(np.frombuffer(octets[:end] + GOOD.tobytes(), np.uint8).copy(), [0], [end])


def check(data, begins, ends):
    """Read many datagrams in one go and hold the findings against what must be true of them."""
    begins, ends = np.asarray(begins), np.asarray(ends)
    held = Recording(data, begins, ends, np.full(begins.size, np.nan), "raw")
    found = contents(held)
    ours, slots, sums = walk_tables()
    covered = 0
    for category, records in found.records.items():
        which = records.payloads
        assert (records.starts >= begins[which]).all()
        first, count, _, group, _ = ours[category]
        for i in range(0, len(records), max(1, len(records) // 50)):
            start, end = records.starts[i], ends[which[i]]
            assert start < record_end(data, start, end, first, count, group, slots, sums) <= end
        covered += len(records)
        values = records.columns(["010/SAC", "010/SIC"])
        assert not np.isnan(values).any()
    for loss in found.losses:
        inside = np.searchsorted(begins, loss.offset, side="right") - 1
        assert begins[inside] <= loss.offset <= loss.offset + loss.octets <= ends[inside]
    total = int((ends - begins).sum())
    assert 0 <= found.octets_lost <= total
    assert 3 * covered <= total - found.octets_lost
    assert sum(found.counts.values()) <= (16 * begins.size + total // 512) + begins.size
    return found


def seeds(rng):
    """Datagrams of `SHAPES` octets: blocks of all three categories with all kinds of item."""
    tracks = {"010/SAC": 0.0, "070": TIMES, "080/CST": 1.0, "500/AGA": 9.0, "380/ADR": 7.0}
    plots = {"010/SIC": 1.0, "140": TIMES, "020/TYP": 1.0, "120/CAL/CAL": 9.0, "040/RHO": 3.0}
    markers = {"010/SIC": 1.0, "000": 1.0, "030": TIMES, "050/COM/NOGO": 1.0, "120/HGT": 9.0}
    made = [encode(62, tracks, 5), encode(48, plots, 5), encode(34, markers, 5)]
    blocks = [one.blocks().octets for one in made]
    texts = [_octets(line.split(maxsplit=2)[2]) for line in CORPUS.read_text().splitlines()
             if not line.startswith("#")]  # fmt: skip
    parts = [*blocks, GOOD, *(np.frombuffer(text, np.uint8) for text in texts)]
    rows = []
    for _ in range(256):
        chosen = np.concatenate([parts[i] for i in rng.integers(0, len(parts), 6)])
        rows.append(np.resize(chosen, SHAPES))
    return np.array(rows)


ODD = np.array([0, 1, 2, 3, 6, 21, 34, 48, 62, 0x7F, 0x80, 0x81, 0xC0, 0xFE, 0xFF], np.uint8)


def mutated(rows, rng):
    """Octets and bits changed, stretches deleted or doubled, datagrams cut short; (n, octets)."""
    n, width = rows.shape
    shift = np.where(rng.random(n) < 0.4, rng.integers(-6, 7, n), 0)
    places = np.arange(width)
    moved = places + shift[:, None] * (places >= rng.integers(0, width, n)[:, None])
    out = np.take_along_axis(rows, moved % width, axis=1)
    for _ in range(3):
        who = np.nonzero(rng.random(n) < 0.6)[0]
        # Headers and presence bits, at the front, decide most.
        at = np.minimum(rng.integers(0, width, who.size), rng.integers(0, 2 * width, who.size))
        out[who, at % width] = np.where(
            rng.random(who.size) < 0.5,
            ODD[rng.integers(0, ODD.size, who.size)],
            out[who, at % width] ^ (1 << rng.integers(0, 8, who.size)).astype(np.uint8),
        )
    ends = np.where(rng.random(n) < 0.2, rng.integers(1, width, n), width)
    return out, ends


def fuzz(count, seed, batch=20_000):
    """Mutated datagrams, each with a good block behind it; those whose block was found."""
    rng = np.random.default_rng(seed)
    bases, saved = seeds(rng), 0
    for _ in range(count // batch):
        rows, ends = mutated(bases[rng.integers(0, len(bases), batch)], rng)
        stride = SHAPES + GOOD.size
        whole = np.zeros((batch, stride), np.uint8)
        whole[:, :SHAPES] = rows
        places = ends[:, None] + np.arange(GOOD.size)
        whole[np.arange(batch)[:, None], places] = GOOD
        begins = stride * np.arange(batch)
        found = check(whole.ravel(), begins, begins + ends + GOOD.size)
        saved += count_saved(found, begins + ends, batch)
    return saved


def count_saved(found, goods, batch):
    """Of how many datagrams all five good records were read where they stand."""
    records = found.records[48]
    behind = records.starts >= goods[records.payloads]
    return int((np.bincount(records.payloads[behind], minlength=batch) >= 5).sum())


def test_mutated_datagrams_are_survived_and_most_good_blocks_behind_them_read():
    assert fuzz(100_000, seed=11) > 0.7 * 100_000


@pytest.mark.slow
def test_ten_million_mutated_datagrams_are_survived():
    # About a minute on one core; bounded by count, so that a failure comes back.
    assert fuzz(10_000_000, seed=12) > 0.7 * 10_000_000


def test_the_good_block_behind_is_read_or_a_loss_is_told_for_each_datagram_by_itself():
    rng = np.random.default_rng(13)
    bases = seeds(rng)
    rows, ends = mutated(bases[rng.integers(0, len(bases), 3_000)], rng)
    for row, end in zip(rows, ends, strict=True):
        found = read(row[:end].tobytes() + GOOD.tobytes())
        told = found.records[48].column("140")[-5:].tolist() == GOOD_TIMES
        assert told or found.octets_lost > 0 or found.skipped


def test_in_a_batch_each_datagram_reads_as_it_does_alone():
    rng = np.random.default_rng(14)
    bases = seeds(rng)
    rows, ends = mutated(bases[rng.integers(0, len(bases), 500)], rng)
    begins = SHAPES * np.arange(500)
    together = check(rows.ravel(), begins, begins + ends)
    for i, (row, end) in enumerate(zip(rows, ends, strict=True)):
        alone = read(row[:end].tobytes())
        for category, records in alone.records.items():
            rest = together.records[category]
            assert records.starts.tolist() == (rest.starts[rest.payloads == i] - begins[i]).tolist()
