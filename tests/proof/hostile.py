"""Sixty files that somebody would send to do harm, and as many mutated ones as are wanted."""

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache

from PIL import Image

from core.photos import LARGEST_FILE
from tests.proof.pictures import KINDS, PLACE, box, exif, jpeg_segment, png_chunk, riff_chunk, saved

JPEG_START = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
HTML = b"<html><body onload=alert(1)><script src=//evil.example/x.js></script>" + PLACE
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
BILLION_LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'


def _png(width: int, height: int, *, depth: int = 8, colour: int = 2, rows: bytes = b"") -> bytes:
    """A PNG that claims this size; `rows`: its packed pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@cache
def _nothing(megabytes: int) -> bytes:
    return zlib.compress(bytes(megabytes * 2**20), 9)


def _plain(kind: str, size: tuple[int, int], mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, None).save(out, kind, **options)
    return out.getvalue()


def _film(length: int) -> list[Image.Image]:
    return [Image.new("RGB", (99, 99), (number % 256, number // 4, 9)) for number in range(length)]


def _archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, PLACE)
    return out.getvalue()


def _jpeg_of_size(width: int, height: int) -> bytes:
    """A JPEG whose frame claims another size than it has."""
    content = saved("JPEG")
    place = content.index(b"\xff\xc0") + 5
    return content[:place] + struct.pack(">HH", height, width) + content[place + 4 :]


def _webp_of_size(width: int, height: int) -> bytes:
    content = saved("WEBP", exif=exif(1))
    place = content.index(b"VP8X") + 12
    size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return content[:place] + size + content[place + 6 :]


def _scans_without_end() -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    out = io.BytesIO()
    Image.effect_noise((600, 600), 90).convert("RGB").save(out, "JPEG", progressive=True)
    content = out.getvalue()
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * 400 + b"\xff\xd9"


BOMBS = {
    "png 900 megapixels": lambda: _png(30_000, 30_000, depth=1, colour=0, rows=_nothing(110)),
    "png 400 megapixels": lambda: _png(20_000, 20_000, depth=1, colour=0, rows=_nothing(48)),
    "png of 2 billion pixels a side": lambda: _png(2**31 - 1, 2**31 - 1),
    "png of 1 by 2 billion": lambda: _png(1, 2**31 - 1),
    "png just above the limit": lambda: _png(6400, 6400, depth=1, colour=0, rows=_nothing(5)),
    "png just below the limit": lambda: _plain("PNG", (6300, 6300), "RGBA"),
    "png of no size": lambda: _png(0, 0),
    "png text that unpacks to 200 MB": lambda: png_chunk(saved("PNG"), b"zTXt", b"a\0\0" + _nothing(200)),
    "png international text": lambda: png_chunk(saved("PNG"), b"iTXt", b"a\0\1\0\0\0" + _nothing(200)),
    "png profile that unpacks to 200 MB": lambda: png_chunk(saved("PNG"), b"iCCP", b"a\0\0" + _nothing(200)),
    "png with too many rows": lambda: _png(4000, 4000, rows=_nothing(400)),
    "png in many pieces": lambda: png_chunk(saved("PNG"), b"IDAT", b"") * 3000,
    "jpeg of 65,500 a side": lambda: _jpeg_of_size(65_500, 65_500),
    "jpeg of 6,500 a side": lambda: _jpeg_of_size(6_500, 6_500),
    "jpeg of no size": lambda: _jpeg_of_size(0, 0),
    "jpeg of 400 scans": _scans_without_end,
    "jpeg of 60,000 comments": lambda: saved("JPEG")[:2] + b"\xff\xfe\0\x04hi" * 60_000 + saved("JPEG")[2:],
    "webp of 16,383 a side": lambda: _webp_of_size(16_383, 16_383),
    "webp just below its limit": lambda: _plain("WEBP", (4000, 3990), quality=0, method=0),
    "webp of 900 pictures": lambda: _plain("WEBP", (99, 99), save_all=True, append_images=_film(900)),
    "avif above its limit": lambda: _plain("AVIF", (5000, 5000), speed=10),
    "avif just below its limit": lambda: _plain("AVIF", (4890, 4890), speed=10),
    "heic just above its limit": lambda: _plain("HEIF", (6100, 6000), quality=1),
}  # fmt: skip

POLYGLOTS = {
    "jpeg start and a page": lambda: JPEG_START + HTML,
    "photo and a page": lambda: saved("JPEG") + HTML,
    "photo and an archive": lambda: saved("JPEG") + _archive("x.html"),
    "photo and a pdf": lambda: saved("JPEG") + b"%PDF-1.7\n" + PLACE + b"\n%%EOF",
    "page in a comment": lambda: jpeg_segment(saved("JPEG"), 0xFE, HTML),
    "script in the exif": lambda: jpeg_segment(saved("JPEG"), 0xE1, b"Exif\0\0" + HTML),
    "php in a png": lambda: png_chunk(saved("PNG"), b"tEXt", b"a\0<?php system($_GET['c']); ?>"),
    "page in a webp": lambda: riff_chunk(saved("WEBP"), b"JUNK", HTML),
    "page in an avif": lambda: box(saved("AVIF"), b"free", HTML),
    "gif and javascript": lambda: b"GIF89a=1;alert(1);//" + HTML,
    "bitmap and javascript": lambda: b"BM=1;alert(1);//" + HTML,
    "png inside jpeg": lambda: JPEG_START + saved("PNG"),
    "svg": lambda: SVG,
    "svg that laughs": lambda: BILLION_LAUGHS,
    "svg, packed": lambda: gzip.compress(SVG),
    "page": lambda: HTML,
    "pdf": lambda: b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "postscript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file",
    "program for windows": lambda: b"MZ" + bytes(500),
    "program for linux": lambda: b"\x7fELF" + bytes(500),
    "script": lambda: b"#!/bin/sh\nrm -rf /\n",
    "archive that climbs": lambda: _archive("../../../etc/cron.d/x", "..\\..\\x"),
    "workbook": lambda: _archive("[Content_Types].xml", "xl/workbook.xml"),
    "tiff": lambda: _plain("TIFF", (9, 9)),
    "icon": lambda: _plain("ICO", (16, 16)),
}

# What is in these is a photo like any other; only what it calls itself is not.
NAMES = (
    "../../../../etc/passwd", "..\\..\\windows\\x.jpg", "/etc/cron.d/x", "C:\\x.jpg", "x.php", ".htaccess",
    "x.jpg\0.html", "a" * 300 + ".jpg", "\u202egpj.exe", "<script>alert(1)</script>.jpg", "CON", "; rm -rf ~",
)  # fmt: skip

SIZES = {
    "nothing": lambda: b"",
    "one byte": lambda: b"\xff",
    "only a beginning": lambda: saved("JPEG")[:2],
    "zeros up to the limit": lambda: bytes(LARGEST_FILE - 2000),
    "a photo above the limit": lambda: saved("JPEG") + bytes(LARGEST_FILE),
}

FILES = BOMBS | POLYGLOTS | SIZES


def mutated(seed: int) -> Iterator[bytes]:
    """Broken files without end, each time the same for the same seed."""
    chance = random.Random(seed)
    whole = [saved(kind, size=size) for kind in KINDS for size in ((64, 32), (333, 211))]
    while True:
        content = bytearray(chance.choice(whole))
        for _time in range(chance.choice((1, 1, 2, 4, 16))):
            chance.choice(_WAYS)(content, chance, whole)
        yield bytes(content)


def _flip(content: bytearray, chance: random.Random, _whole: list[bytes]) -> None:
    if content:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _overwrite(content: bytearray, chance: random.Random, _whole: list[bytes]) -> None:
    start = chance.randrange(len(content) + 1)
    extreme = chance.choice((b"\0", b"\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", chance.randbytes(8)))
    content[start : start + len(extreme)] = extreme


def _overwrite_head(content: bytearray, chance: random.Random, _whole: list[bytes]) -> None:
    """Sizes and counts stand there."""
    start = chance.randrange(min(200, len(content) + 1))
    content[start : start + 4] = struct.pack(">I", chance.getrandbits(32))


def _cut(content: bytearray, chance: random.Random, _whole: list[bytes]) -> None:
    del content[chance.randrange(len(content) + 1) :]


def _repeat(content: bytearray, chance: random.Random, _whole: list[bytes]) -> None:
    start = chance.randrange(len(content) + 1)
    content[start:start] = content[start : start + chance.randrange(1, 500)] * chance.randrange(1, 4)


def _mix(content: bytearray, chance: random.Random, whole: list[bytes]) -> None:
    other = chance.choice(whole)
    start = chance.randrange(min(len(content), len(other)) + 1)
    content[start:] = other[start:]


_WAYS = (_flip, _overwrite, _overwrite_head, _cut, _repeat, _mix)
