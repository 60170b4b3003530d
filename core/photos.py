"""A photo made new from its pixels: nothing of its file survives, no place, no device, no comment."""

import io

import pillow_heif
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "MPO")
LARGEST_FILE = 15 * 2**20  # bytes
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2048

pillow_heif.register_heif_opener()
Image.init()  # or Image.open raises KeyError for a format whose module is not loaded yet


class NotAPicture(Exception):
    def __str__(self) -> str:
        return _("This file is not a photo that can be read. Choose a JPEG, PNG, WEBP, HEIC or AVIF file.")


class PictureTooLarge(Exception):
    def __str__(self) -> str:
        return _("This photo is too large. Choose one of at most 15 MB and 40 megapixels.")


def rebuilt(content: bytes) -> bytes:
    """JPEG bytes of the picture, upright, at most 2048 px a side. Raises NotAPicture, PictureTooLarge."""
    if len(content) > LARGEST_FILE:
        raise PictureTooLarge
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise PictureTooLarge
        return _jpeg(_on_white(ImageOps.exif_transpose(picture)))
    except (PictureTooLarge, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureTooLarge from None
    except Exception:  # decoders raise whatever a broken file leads them to
        raise NotAPicture from None


def _on_white(picture: Image.Image) -> Image.Image:
    """Small enough, and without transparency, which JPEG does not have."""
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture.convert("RGBA"))
    return picture.convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    new = Image.new("RGB", picture.size)
    new.paste(picture)
    out = io.BytesIO()
    new.save(out, "JPEG", quality=85, exif=b"", icc_profile=None, comment=b"")
    return out.getvalue()
