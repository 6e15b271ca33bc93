"""A PMTiles archive of one tile, made by hand after version 3 of its specification."""

import gzip
import struct
import zlib

PNG = 2


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def picture(colour: tuple[int, int, int]) -> bytes:
    """A PNG of 256 by 256 pixels of one colour."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    rows = zlib.compress((b"\0" + bytes(colour) * 256) * 256)
    head = struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def archive(tile: bytes) -> bytes:
    """One tile for the whole Earth (zoom 0), uncompressed."""
    root = gzip.compress(b"".join(map(_varint, (1, 0, 1, len(tile), 1))))
    about = gzip.compress(b"{}")
    offsets = (127, len(root), 127 + len(root), len(about), 127 + len(root) + len(about), 0)
    offsets += (127 + len(root) + len(about), len(tile))
    head = b"PMTiles\x03" + struct.pack("<8Q", *offsets) + struct.pack("<3Q", 1, 1, 1)
    head += bytes([1, 2, 1, PNG, 0, 0]) + struct.pack(
        "<4i", -1800000000, -850000000, 1800000000, 850000000
    )
    head += bytes([0]) + struct.pack("<2i", 0, 0)
    return head + root + about + tile
