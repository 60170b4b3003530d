"""Photos as ten kinds of files, with a place planted in each of twelve slots where files keep such things."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

PLACE = b"41.7151N 126.9373E HIDDEN VALLEY"
SIZE = (64, 32)
UPRIGHT, SIDEWAYS = 1, 6  # EXIF: as it is; to be turned by a quarter to the right
BLUE, RED = (20, 40, 220), (220, 40, 20)


def scene(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """Blue on the left, red on the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


# --- ten kinds of files ------------------------------------------------------------------------------------

# Name → format, mode, how it is saved.
KINDS: dict[str, tuple[str, str, dict]] = {
    "JPEG": ("JPEG", "RGB", {"quality": 95}),
    "JPEG progressive": ("JPEG", "RGB", {"quality": 95, "progressive": True}),
    "JPEG grey": ("JPEG", "L", {"quality": 95}),
    "JPEG of two pictures": ("MPO", "RGB", {"quality": 95, "save_all": True}),
    "PNG": ("PNG", "RGB", {}),
    "PNG with alpha": ("PNG", "RGBA", {}),
    "WEBP": ("WEBP", "RGB", {"quality": 95}),
    "WEBP lossless": ("WEBP", "RGB", {"lossless": True}),
    "HEIC": ("HEIF", "RGB", {"quality": 95}),
    "AVIF": ("AVIF", "RGB", {"quality": 95}),
}


def saved(kind: str, *, size: tuple[int, int] = SIZE, **more: object) -> bytes:
    kind_of_file, mode, options = KINDS[kind]
    image = scene(mode, size)
    if kind_of_file == "MPO":
        more["append_images"] = [scene(mode, size)]
    out = io.BytesIO()
    image.save(out, kind_of_file, **options, **more)
    return out.getvalue()


# --- twelve slots ------------------------------------------------------------------------------------------


def exif(orientation: int, plant: Callable[[Image.Exif], None] = lambda _data: None) -> bytes:
    data = Image.Exif()
    data[0x010F] = "A camera"
    data[0x0112] = orientation
    plant(data)
    return data.tobytes()  # as bytes: only so does a HEIC get a turn of its own


def _in_description(data: Image.Exif) -> None:
    data[0x010E] = PLACE.decode()


def _in_gps(data: Image.Exif) -> None:
    gps = data.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (41.0, 42.0, 54.36), "E", (126.0, 56.0, 14.28)
    gps[29] = PLACE.decode()


def _in_maker_note(data: Image.Exif) -> None:
    data.get_ifd(0x8769)[0x927C] = PLACE


def _in_user_comment(data: Image.Exif) -> None:
    data.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + PLACE


def _in_artist(data: Image.Exif) -> None:
    data[0x013B] = PLACE.decode()


def _xmp() -> bytes:
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><place>' + PLACE + b"</place></x:xmpmeta>"


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("place.txt", PLACE)
    return out.getvalue()


def _html() -> bytes:
    return b"<html><script>alert('" + PLACE + b"')</script>"


def jpeg_segment(content: bytes, marker: int, body: bytes) -> bytes:
    """With a segment more, right after the beginning."""
    return content[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + content[2:]


def png_chunk(content: bytes, kind: bytes, body: bytes) -> bytes:
    """With a chunk more, right after the header."""
    chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return content[:33] + chunk + content[33:]


def riff_chunk(content: bytes, kind: bytes, body: bytes) -> bytes:
    """With a chunk more at the end, counted in the size."""
    chunk = kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return content[:4] + struct.pack("<I", len(content) - 8 + len(chunk)) + content[8:] + chunk


def box(content: bytes, kind: bytes, body: bytes) -> bytes:
    """With a box more at the end, as in HEIC and AVIF."""
    return content + struct.pack(">I", len(body) + 8) + kind + body


def _own(content: bytes, segment: int, chunk: bytes, riff: bytes, kind_of_box: bytes, body: bytes) -> bytes:
    """In the way of its kind of file."""
    if content[:2] == b"\xff\xd8":
        return jpeg_segment(content, segment, body)
    if content[:4] == b"\x89PNG":
        return png_chunk(content, chunk, body)
    if content[:4] == b"RIFF":
        return riff_chunk(content, riff, body)
    return box(content, kind_of_box, body)


def _comment(content: bytes) -> bytes:
    return _own(content, 0xFE, b"tEXt", b"COMM", b"free", b"Comment\0" + PLACE)


def _iptc(content: bytes) -> bytes:
    body = b"Photoshop 3.0\0008BIM\x04\x04\0\0" + struct.pack(">I", len(PLACE)) + PLACE
    return _own(content, 0xED, b"iPTc", b"IPTC", b"meco", body)


def _private(content: bytes) -> bytes:
    return _own(content, 0xEF, b"prVt", b"PRIV", b"uuid", b"0123456789abcdef" + PLACE)


Slot = Callable[[str, int], bytes]


def _by_exif(plant: Callable[[Image.Exif], None]) -> Slot:
    return lambda kind, orientation: saved(kind, exif=exif(orientation, plant))


def _afterwards(plant: Callable[[bytes], bytes]) -> Slot:
    return lambda kind, orientation: plant(saved(kind, exif=exif(orientation)))


def _with_xmp(kind: str, orientation: int) -> bytes:
    if KINDS[kind][0] == "PNG":
        return png_chunk(
            saved(kind, exif=exif(orientation)), b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _xmp()
        )
    return saved(kind, exif=exif(orientation), xmp=_xmp())


SLOTS: dict[str, Slot] = {
    "EXIF description": _by_exif(_in_description),
    "EXIF GPS": _by_exif(_in_gps),
    "EXIF maker note": _by_exif(_in_maker_note),
    "EXIF user comment": _by_exif(_in_user_comment),
    "EXIF artist": _by_exif(_in_artist),
    "XMP": _with_xmp,
    "colour profile": lambda kind, orientation: saved(
        kind, exif=exif(orientation), icc_profile=PLACE.ljust(140, b" ")
    ),
    "comment": _afterwards(_comment),
    "IPTC": _afterwards(_iptc),
    "private": _afterwards(_private),
    "archive behind it": _afterwards(lambda content: content + _zip()),
    "page behind it": _afterwards(lambda content: content + _html()),
}


# --- what came of it ---------------------------------------------------------------------------------------

# Beginning, JFIF, tables, frame, scan; nothing else may stand in a photo of ours.
PLAIN = {0xE0, 0xDB, 0xC4, 0xC0, 0xDA}


def tells_the_place(content: bytes) -> bool:
    """As it is, in the codes of EXIF, or packed, as PNG packs a colour profile."""
    seen = [content]
    if (packed := content.find(b"iCCP")) >= 0:
        name_ends = content.index(b"\0", packed)
        seen.append(zlib.decompressobj().decompress(content[name_ends + 2 :]))
    words = PLACE.decode()
    return any(words.encode(code) in one for one in seen for code in ("utf-8", "utf-16-le", "utf-16-be"))


def is_bare_jpeg(content: bytes) -> bool:
    """A JPEG of pixels alone: no segment that could say more, nothing behind its end."""
    if not content.startswith(b"\xff\xd8") or not content.endswith(b"\xff\xd9"):
        return False
    place = 2
    while place < len(content) - 2:
        if content[place] != 0xFF or content[place + 1] not in PLAIN:
            return False
        marker, length = content[place + 1], struct.unpack(">H", content[place + 2 : place + 4])[0]
        if marker == 0xE0 and (length != 16 or content[place + 4 : place + 9] != b"JFIF\0"):
            return False
        place += 2 + length
        if marker == 0xDA:  # then pixels, to the end: each FF in them is followed by 0
            return content.find(b"\xff\xd9", place) == len(content) - 2
    return False


def stands_upright(content: bytes, orientation: int) -> bool:
    """The scene as it was taken, its blue half, the darker one, on the left; turned, on top."""
    image = Image.open(io.BytesIO(content)).convert("L")
    if image.size != (SIZE if orientation == UPRIGHT else SIZE[::-1]):
        return False
    return image.getpixel((4, 4)) < image.getpixel((image.width - 5, image.height - 5)) - 20
