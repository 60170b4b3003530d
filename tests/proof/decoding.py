"""Run as a program: decodes many files with the code of core.photo_decoder, each in a process of its own.

Forked from one that has loaded the decoders, so that ten thousand take a minute: the same `main`, the same
limits. In at stdin: length (8 bytes) and file, again and again. Out at stdout: a line of JSON, then the JPEG.
"""

import json
import os
import struct
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pillow_heif
from PIL import Image, ImageOps

sys.path.insert(0, str(Path(__file__).parents[2]))
from core import photo_decoder

vars(photo_decoder).update(pillow_heif=pillow_heif, Image=Image, ImageOps=ImageOps)
pillow_heif.register_heif_opener()
Image.init()


def files() -> Iterator[bytes]:
    while length := sys.stdin.buffer.read(8):
        yield sys.stdin.buffer.read(struct.unpack(">Q", length)[0])


def decode(content: bytes) -> tuple[dict, bytes]:
    with tempfile.TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            _become_the_decoder(given.fileno(), writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as made:
            jpeg = made.read()
        _pid, status, used = os.wait4(child, 0)
    seconds = used.ru_utime + used.ru_stime  # its own: the machine may be busy with something else
    ended = os.waitstatus_to_exitcode(status)
    return {"ended": ended, "seconds": seconds, "mebibytes": used.ru_maxrss / 1024, "length": len(jpeg)}, jpeg


def _become_the_decoder(given: int, writing: int) -> None:
    os.dup2(given, 0)
    os.dup2(writing, 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    os.closerange(3, 64)
    sys.stdin, sys.stdout = os.fdopen(0, "r"), os.fdopen(1, "w")
    os._exit(photo_decoder.main())


if __name__ == "__main__":
    for content in files():
        line, jpeg = decode(content)
        sys.stdout.buffer.write(json.dumps(line).encode() + b"\n" + jpeg)
        sys.stdout.buffer.flush()
