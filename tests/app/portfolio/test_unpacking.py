"""Archives of strangers are read within bounds, or not at all."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable

import pytest

from app.portfolio.unpacking import MOST_FILES, HostileArchive, is_within, opened


def archive(*names: str, write: Callable[[zipfile.ZipFile], None] | None = None) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, name)
        if write is not None:
            write(made)
    return file


def test_what_is_plain_is_read() -> None:
    found = opened(archive("a/b.json", "ü 🌟.txt"))
    assert list(found.names()) == ["a/b.json", "ü 🌟.txt"]
    assert found.read("a/b.json") == b"a/b.json"
    with pytest.raises(HostileArchive, match="no file"):
        found.read("c")


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/passwd", "a\\..\\b", "C:/x", "a//b", "./a", "a/\x1b[2J", "", "x" * 300]
)
def test_a_name_that_leaves_its_folder_is_refused(name: str) -> None:
    assert not is_within(name)
    if name:
        with pytest.raises(HostileArchive):
            opened(archive("good", name))


def test_two_files_of_one_name_are_refused_also_where_a_system_takes_them_for_one() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = archive("a", "a")
    for hostile in (twice, archive("A.json", "a.json"), archive("\u00e9", "e\u0301")):
        with pytest.raises(HostileArchive, match="two files"):
            opened(hostile)


def test_a_link_is_refused() -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(HostileArchive, match="link"):
        opened(archive(write=lambda made: made.writestr(link, "/etc/passwd")))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(HostileArchive, match="would unpack to"):
        opened(archive(write=lambda made: made.writestr("zeros", bytes(20_000_000))))


def test_a_size_that_is_not_true_is_found() -> None:
    file = archive("a", "b")
    raw = bytearray(file.getvalue())
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = struct.pack("<I", 0)
    with pytest.raises(HostileArchive):
        opened(io.BytesIO(raw)).read("a")


def test_files_that_share_bytes_are_refused() -> None:
    raw = bytearray(archive("aaaa", "bbbb").getvalue())
    second = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 4)
    raw[second + 42 : second + 46] = struct.pack("<I", 0)
    with pytest.raises(HostileArchive):
        opened(io.BytesIO(raw)).read("bbbb")


def test_what_is_no_archive_or_has_too_long_a_list_is_refused() -> None:
    for no_archive in (b"", b"PK\x03\x04", b"hello", archive("a").getvalue()[:-5]):
        with pytest.raises(HostileArchive):
            opened(io.BytesIO(no_archive))
    assert MOST_FILES * 46 < 24 * 1_048_576
