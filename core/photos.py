"""A photo made new from its pixels: nothing of its file survives, no place, no device, no comment."""

import subprocess
import sys

from django.utils.translation import gettext as _

from core import photo_decoder

LARGEST_FILE = 15 * 2**20  # bytes


class NotAPicture(Exception):
    def __str__(self) -> str:
        return _("This file is not a photo that can be read. Choose a JPEG, PNG, WEBP, HEIC or AVIF file.")


class PictureTooLarge(Exception):
    def __str__(self) -> str:
        return _(
            "This photo is too large. Choose one of at most 15 MB and 40 megapixels, "
            "or save it as a smaller JPEG first."
        )


class DecoderBroken(Exception):
    """The child could not begin: a fault of the installation, not of the file."""


def rebuilt(content: bytes) -> bytes:
    """JPEG bytes of the picture, upright, at most 2048 px a side. Raises NotAPicture, PictureTooLarge.

    Takes a tenth of a second more than the decoding itself: the start of the child.
    """
    if len(content) > LARGEST_FILE:
        raise PictureTooLarge
    ended, jpeg = _decoded(content)
    if ended == photo_decoder.DONE:
        return jpeg
    if ended == photo_decoder.TOO_LARGE:
        raise PictureTooLarge
    if ended == photo_decoder.NOT_A_PICTURE or ended < 0:  # below 0: killed by a limit or by its own crash
        raise NotAPicture
    raise DecoderBroken


def _decoded(content: bytes) -> tuple[int, bytes]:
    """How the child ended and what it gave. It gets the file and nothing else of ours."""
    command = [sys.executable, "-I", photo_decoder.__file__]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
    )
    with child:
        try:
            jpeg, _errors = child.communicate(content, timeout=photo_decoder.SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            jpeg = b""
    return child.returncode, jpeg
