"""Run as a program by core.photos, one photo a process: a file in at stdin, a JPEG out at stdout.

Whatever a hostile file does to a decoder, it does to a process that holds no secret and no connection, can
open no file, and ends with the photo. The app itself reads only the constants below and loads no decoder.
"""

import contextlib
import io
import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING or __name__ == "__main__":
    import pillow_heif
    from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
# As many as each decoder unpacks in 300 MiB; a JPEG of two pictures calls itself MPO.
MOST_PIXELS = {
    "JPEG": 40_000_000,
    "MPO": 40_000_000,
    "PNG": 40_000_000,
    "HEIF": 36_000_000,
    "AVIF": 24_000_000,
    "WEBP": 16_000_000,
}
LONGEST_SIDE = 2048
SECONDS = 10
ADDRESSES = 400 * 2**20  # bytes; a quarter of them is never filled

DONE, NOT_A_PICTURE, TOO_LARGE = 0, 10, 11  # how it ends


def main() -> int:
    content = sys.stdin.buffer.read()
    pillow_heif.register_heif_opener()
    Image.init()  # loads the module of every format while files can still be opened
    _lock_in()
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS[picture.format or ""]:
            return TOO_LARGE
        sys.stdout.buffer.write(_rebuilt(picture))
        sys.stdout.flush()
    except (Image.DecompressionBombError, MemoryError):
        return TOO_LARGE
    except Exception:  # decoders raise whatever a broken file leads them to
        return NOT_A_PICTURE
    return DONE


def _lock_in() -> None:
    """From here on no more memory or time than a photo needs, no file and no socket."""
    limits = {
        resource.RLIMIT_AS: ADDRESSES,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 0,
    }
    for limit, most in limits.items():
        with contextlib.suppress(ValueError):  # set closer already, or unknown to this system
            resource.setrlimit(limit, (most, most))


def _rebuilt(picture: "Image.Image") -> bytes:
    """JPEG bytes of the pixels alone, upright, at most LONGEST_SIDE a side."""
    small = ImageOps.exif_transpose(_small(picture))
    if small.has_transparency_data:
        ground = Image.new("RGBA", small.size, (255, 255, 255, 255))
        small = Image.alpha_composite(ground, small.convert("RGBA"))
    new = Image.new("RGB", small.size)
    new.paste(small.convert("RGB"))
    out = io.BytesIO()
    new.save(out, "JPEG", quality=85, exif=b"", icc_profile=None, comment=b"")
    return out.getvalue()


def _small(picture: "Image.Image") -> "Image.Image":
    """At most LONGEST_SIDE a side, made without a second copy of the large one."""
    picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is not even unpacked whole
    if picture.mode in ("RGBA", "LA") and max(picture.size) > 2 * LONGEST_SIDE:
        picture = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.NEAREST)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return picture


if __name__ == "__main__":
    sys.exit(main())
