"""Other categories through libasterix."""

import builtins

import asterix.generated as specifications
import pytest

from mantlet.sensing.asterix import contents, encode, read_recording
from mantlet.sensing.asterix.others import other_records
from mantlet.tables.errors import InputError


def block_of(category, items):
    record = category.cv_uap.cv_record.create(items)
    return category.create([record]).unparse().to_bytes()


def test_records_of_a_category_that_is_skipped_come_through_libasterix(tmp_path):
    ours = encode(48, {"010/SIC": 1.0, "140": 7.0}, 1).blocks().octets.tobytes()
    theirs = block_of(specifications.Cat_021_2_6, {"010": 0x1905, "071": 128 * 60})
    path = tmp_path / "mixed.ast"
    path.write_bytes(ours + theirs + ours)
    assert contents(read_recording(path)).skipped == {21: 1}
    records, losses = other_records(path, 21)
    assert losses == []
    assert records == [{"010/SAC": 0x19, "010/SIC": 5, "071": 60.0}]


def test_what_is_read_by_both_is_the_same(tmp_path):
    columns = {"010/SAC": 7.0, "040/RHO": 12.5, "040/THETA": 90.0, "110/3DH": -250.0}
    path = tmp_path / "plots.ast"
    path.write_bytes(encode(48, columns, 1).blocks().octets.tobytes())
    [record], _ = other_records(path, 48)
    assert {name: record[name] for name in columns} == columns


def test_blocks_that_do_not_fit_or_are_refused_are_told_by_offset(tmp_path):
    path = tmp_path / "bad.ast"
    good = block_of(specifications.Cat_021_2_6, {"010": 1})
    path.write_bytes(good + bytes([21, 0, 4, 0xFF]) + good + bytes([21, 0, 99, 0]))
    records, losses = other_records(path, 21)
    assert len(records) == 2
    assert [(loss.offset, loss.octets) for loss in losses] == [
        (len(good), 4),
        (2 * len(good) + 4, 4),
    ]


def test_a_category_nobody_knows_and_a_missing_extra_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "x.ast"
    path.write_bytes(bytes([99, 0, 4, 0]))
    with pytest.raises(InputError, match="no category 99"):
        other_records(path, 99)
    with pytest.raises(InputError, match="several layouts"):
        other_records(path, 1)
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("asterix"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"pip install mantlet\[asterix\]"):
        other_records(path, 21)
