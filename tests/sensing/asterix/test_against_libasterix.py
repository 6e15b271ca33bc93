"""libasterix (MIT, a decoder of its own origin) as the oracle, both directions."""

import random

import asterix.base as oracle
import asterix.generated as specifications
import numpy as np
import pytest

from mantlet.sensing.asterix import contents, encode, recording
from mantlet.sensing.asterix.layout import EDITIONS, WIDEST, layout

ORACLES = {
    34: specifications.Cat_034_1_29,
    48: specifications.Cat_048_1_32,
    62: specifications.Cat_062_1_20,
}


def read(octets):
    return contents(recording(np.frombuffer(octets, np.uint8).copy()))


def shape_of(part):
    """The variation (element, group, ...) that an item of libasterix leads to."""
    while hasattr(part, "cv_non_spare") or hasattr(part, "cv_rule"):
        part = getattr(part, "cv_non_spare", None) or part.cv_rule
        if issubclass(part, oracle.RuleVariation):
            return part.cv_variation
    return part


def random_bits(variation, dice):
    """Bits of an item, by libasterix's own description of it."""
    if issubclass(variation, oracle.Element | oracle.Group):
        return "".join(dice.choice("01") for _ in range(variation.cv_bit_size))
    if issubclass(variation, oracle.Extended):
        whole = ""
        for group in variation.cv_items_list[: dice.randint(1, len(variation.cv_items_list))]:
            size = sum(sized[1] for sized in group if sized)
            whole += "".join(dice.choice("01") for _ in range(size)) + "1"
        return whole[:-1] + "0"
    if issubclass(variation, oracle.Repetitive):
        count, size = dice.randint(1, 3), variation.cv_variation.cv_bit_size
        parts = ["".join(dice.choice("01") for _ in range(size)) for _ in range(count)]
        if variation.cv_rep_bytes is None:
            return "1".join(parts) + "0"
        return f"{count:08b}" + "".join(parts)
    if issubclass(variation, oracle.Explicit):
        count = dice.randint(1, 4)
        return f"{count + 1:08b}" + "".join(dice.choice("01") for _ in range(8 * count))
    return marked([part and shape_of(part) for part in variation.cv_items_list], dice, 0.5)


def marked(variations, dice, chance, bits=random_bits):
    """Presence bits and the items present: at least one."""
    there = [v is not None and dice.random() < chance for v in variations]
    there[next(i for i, v in enumerate(variations) if v is not None)] = True
    marks, last = "", max(i for i, t in enumerate(there) if t) // 7
    for octet in range(last + 1):
        seven = there[7 * octet : 7 * octet + 7]
        marks += "".join("01"[t] for t in seven).ljust(7, "0") + "01"[octet < last]
    return marks + "".join(bits(v, dice) for v, t in zip(variations, there, strict=True) if t)


def random_block(category, dice, records):
    items = ORACLES[category].cv_uap.cv_record.cv_items_list
    found = [shape_of(i) if issubclass(i, oracle.UapItem) else None for i in items]
    body = "".join(marked(found, dice, dice.choice((0.2, 0.6))) for _ in range(records))
    return bytes([category]) + (3 + len(body) // 8).to_bytes(2, "big") + octets_of(body)


def octets_of(bits):
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def numbers(name, part):
    """All elements libasterix finds, by our names: value as it says."""
    if isinstance(part, oracle.NonSpare | oracle.RuleVariation):
        yield from numbers(name, part.arg)
    elif isinstance(part, oracle.Element):
        yield name, value(part)
    elif isinstance(part, oracle.Group):
        for inner in part.arg:
            yield from named(name, inner)
    elif isinstance(part, oracle.Extended):
        for group in part.arg:
            for inner in group:
                yield from named(name, inner)
    elif isinstance(part, oracle.Compound):
        for key, inner in part.arg.items():
            yield from numbers(f"{name}/{key}", inner)


def named(name, inner):
    if isinstance(inner, oracle.Item):
        yield from numbers(f"{name}/{inner.arg.cv_name}", inner.arg)


def value(element):
    raw, size = element.as_uint(), element.cv_bit_size
    content = getattr(element.cv_rule, "cv_content", None)
    kind = getattr(content, "cv_signedness", None)
    if kind is not None and kind.__name__ == "Signed" and raw >= 2 ** (size - 1):
        raw -= 2**size
    return raw * getattr(content, "cv_lsb", 1.0), size


def oracle_records(octets):
    datablocks = oracle.RawDatablock.parse(oracle.Bits.from_bytes(octets))
    assert not isinstance(datablocks, ValueError), datablocks
    for block in datablocks:
        uap = ORACLES[block.get_category()].cv_uap
        parsed = uap.parse(block.get_raw_records())
        assert not isinstance(parsed, ValueError), parsed
        for record in parsed:
            yield dict(
                pair for key, item in record.items_regular.items() for pair in numbers(key, item)
            )


@pytest.mark.parametrize("category", EDITIONS)
def test_every_element_of_random_records_is_what_libasterix_reads(category):
    octets = random_block(category, random.Random(category), 120)
    expected = list(oracle_records(octets))
    found = read(octets)
    assert found.losses == ()
    names = list(layout(category).elements)
    columns = found.records[category].columns(names).T
    assert len(columns) == len(expected) == 120
    for row, record in zip(columns, expected, strict=True):
        ours = {n: v for n, v in zip(names, row.tolist(), strict=True) if not np.isnan(v)}
        narrow = {n: v for n, (v, size) in record.items() if size <= WIDEST}
        assert ours.keys() == narrow.keys()
        assert ours == pytest.approx(narrow, rel=1e-12)


@pytest.mark.parametrize("category", EDITIONS)
def test_libasterix_reads_what_we_write(category):
    rng = np.random.default_rng(category)
    elements = list(layout(category).elements.values())
    columns = {}
    for e in elements:
        low = -(2 ** (e.width - 1)) if e.signed else 0
        column = rng.integers(low, low + 2**e.width, 60) * e.step
        columns[e.name] = np.where(rng.random(60) < 0.5, column, np.nan)
    columns["010/SAC"] = np.full(60, 7.0)
    encoded = encode(category, columns, 60)
    records = list(oracle_records(encoded.blocks().octets.tobytes()))
    assert len(records) == 60
    for i, record in enumerate(records):
        given = {name: c[i] for name, c in columns.items() if not np.isnan(c[i])}
        assert {n: record[n][0] for n in given} == pytest.approx(given, rel=1e-12)
        # What else is in an item that was begun is 0.
        assert all(v == 0 for n, (v, _) in record.items() if n not in given)


@pytest.mark.parametrize("category", EDITIONS)
def test_what_libasterix_wrote_is_written_again_octet_for_octet(category):
    dice = random.Random(100 + category)
    items = ORACLES[category].cv_uap.cv_record.cv_items_list
    shapes = [shape_of(i) if issubclass(i, oracle.UapItem) else None for i in items]
    shapes = [shape if shape and writable(shape) else None for shape in shapes]
    # All but repeated and explicit items, which are no numbers: most of each category.
    assert sum(map(bool, shapes)) >= {34: 10, 48: 20, 62: 22}[category]
    names = list(layout(category).elements)
    seen = set()
    for _ in range(60):
        body = marked(shapes, dice, 0.4, written_bits)
        octets = octets_of(f"{category:08b}{3 + len(body) // 8:016b}" + body)
        seen |= {key for record in oracle_records(octets) for key in record}
        block = rewritten(octets)
        columns = read(block).records[category].columns(names)
        again = encode(category, dict(zip(names, columns, strict=True)), 1).blocks()
        assert again.octets.tobytes() == block
    assert len(seen) > 0.8 * len(names)


def rewritten(octets):
    """A block of one record, taken apart and written by libasterix."""
    block = oracle.RawDatablock.parse(oracle.Bits.from_bytes(octets))[0]
    specification = ORACLES[block.get_category()]
    records = specification.cv_uap.parse(block.get_raw_records())
    return specification.create(records).unparse().to_bytes()


def writable(variation):
    """Whether an item is all numbers: of a compound, whether any item inside is."""
    if issubclass(variation, oracle.Element):
        return variation.cv_bit_size <= WIDEST
    if issubclass(variation, oracle.Compound):
        return any(writable(shape_of(part)) for part in variation.cv_items_list if part)
    return issubclass(variation, oracle.Group | oracle.Extended)


def written_bits(variation, dice):
    """Bits of an item that is all numbers, spare ones 0."""
    if issubclass(variation, oracle.Compound):
        parts = [part and shape_of(part) for part in variation.cv_items_list]
        parts = [part if part and writable(part) else None for part in parts]
        return marked(parts, dice, 0.5, written_bits)
    if issubclass(variation, oracle.Element):
        return "".join(dice.choice("01") for _ in range(variation.cv_bit_size))
    if issubclass(variation, oracle.Group):
        return "".join(sized_bits(*sized, dice) for sized in variation.cv_items_list)
    groups = variation.cv_items_list[: dice.randint(1, len(variation.cv_items_list))]
    whole = "".join(
        "".join(sized_bits(*sized, dice) if sized else "1" for sized in group) for group in groups
    )
    return whole[:-1] + "0"


def sized_bits(item, size, dice):
    spare = issubclass(item, oracle.Spare)
    return "0" * size if spare else "".join(dice.choice("01") for _ in range(size))
