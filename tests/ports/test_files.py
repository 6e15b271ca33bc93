import errno
from pathlib import Path

import pytest

from mantlet.ports.files import DiskFiles, MemoryFiles, disk_full_after


@pytest.fixture(params=[DiskFiles, MemoryFiles])
def files(request):
    return request.param()


def test_what_was_written_is_read(files, tmp_path):
    files.write(tmp_path / "a", b"one")
    files.write(tmp_path / "a", b"two")
    assert files.read(tmp_path / "a") == b"two"
    assert files.names(tmp_path) == ["a"]


def test_a_missing_file_is_not_found(files, tmp_path):
    with pytest.raises(FileNotFoundError):
        files.read(tmp_path / "none")
    assert files.names(tmp_path / "none") == []


def test_a_folder_appears_only_when_whole(files, tmp_path):
    target = tmp_path / "runs" / "one"
    with files.whole_folder(target) as temporary:
        files.write(temporary / "a", b"1")
        files.write(temporary / "sub" / "b", b"2")
        assert files.names(target) == []
    assert files.names(target) == ["a", "sub"]
    assert files.read(target / "sub" / "b") == b"2"
    assert files.names(tmp_path / "runs") == ["one"]


@pytest.mark.parametrize("end", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_early_end_leaves_nothing(files, tmp_path, end):
    with pytest.raises(end), files.whole_folder(tmp_path / "one") as temporary:
        files.write(temporary / "a", b"1")
        raise end
    assert files.names(tmp_path) == []


def test_a_folder_that_is_there_is_never_touched(files, tmp_path):
    files.write(tmp_path / "one" / "a", b"old")
    with pytest.raises(FileExistsError), files.whole_folder(tmp_path / "one"):
        pytest.fail("the block must not be entered")
    assert files.read(tmp_path / "one" / "a") == b"old"


def test_a_folder_that_turns_up_meanwhile_is_never_touched(tmp_path):
    target = tmp_path / "one"
    with pytest.raises(FileExistsError), DiskFiles().whole_folder(target) as temporary:
        (temporary / "a").write_bytes(b"ours")
        target.mkdir()
        (target / "a").write_bytes(b"theirs")
    assert DiskFiles().names(tmp_path) == ["one"]
    assert (target / "a").read_bytes() == b"theirs"


def test_a_folder_to_be_replaced_stays_until_the_new_one_is_whole(files, tmp_path):
    target = tmp_path / "one"
    files.write(target / "old", b"1")
    with pytest.raises(ValueError), files.whole_folder(target, replace=True):
        raise ValueError
    assert files.names(target) == ["old"]
    with files.whole_folder(target, replace=True) as temporary:
        files.write(temporary / "new", b"2")
        assert files.names(target) == ["old"]
    assert files.names(target) == ["new"]
    assert files.names(tmp_path) == ["one"]


def test_a_failed_swap_puts_the_old_folder_back(tmp_path, monkeypatch):
    target, rename = tmp_path / "one", Path.rename
    DiskFiles().write(target / "old", b"1")

    def fail_for_the_new(path, to):
        if "partial" in path.name:
            raise OSError(errno.EIO, "Input/output error")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", fail_for_the_new)
    with pytest.raises(OSError), DiskFiles().whole_folder(target, replace=True):
        pass
    assert DiskFiles().names(tmp_path) == ["one"]
    assert DiskFiles().names(target) == ["old"]


def test_a_file_is_never_replaced_by_a_folder(files, tmp_path):
    files.write(tmp_path / "one", b"a letter")
    with pytest.raises(FileExistsError), files.whole_folder(tmp_path / "one", replace=True):
        pytest.fail("the block must not be entered")
    assert files.read(tmp_path / "one") == b"a letter"


def test_a_failed_write_keeps_the_old_file(tmp_path, monkeypatch):
    files = DiskFiles()
    files.write(tmp_path / "a", b"old")

    def no_space(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", no_space)
    with pytest.raises(OSError):
        files.write(tmp_path / "a", b"new")
    assert files.read(tmp_path / "a") == b"old"
    assert files.names(tmp_path) == ["a"]


def test_a_full_disk_leaves_no_half_folder():
    files = MemoryFiles(fault=disk_full_after(2))
    with pytest.raises(OSError) as caught, files.whole_folder(Path("one")) as temporary:
        for name in "abc":
            files.write(temporary / name, b"1")
    assert caught.value.errno == errno.ENOSPC
    assert files.held == {}
