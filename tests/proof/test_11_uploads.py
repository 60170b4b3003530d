"""Test 11: mutated and hostile files; none breaks anything, none is served, none touches the disk."""

import json
import struct
import subprocess
import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from core import photo_decoder, photos
from core.sealed import open_value
from foster.models import UpdatePhoto
from tests import factories
from tests.proof import scale
from tests.proof.hostile import FILES, HTML, JPEG_START, NAMES, mutated
from tests.proof.pictures import is_bare_jpeg, saved, tells_the_place

HARNESS = Path(__file__).with_name("decoding.py")
MOST_SECONDS, MOST_MEBIBYTES = 2, 300
BOUNDARY = "a-boundary"
CHOSEN = list(FILES)[:: scale.of(1, 6)]


def decoded(files: Iterable[bytes]) -> Iterator[tuple[dict, bytes]]:
    """Each by the decoder of the house in a process of its own (tests/proof/decoding.py)."""
    with subprocess.Popen(
        [sys.executable, HARNESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as harness:
        for content in files:
            harness.stdin.write(struct.pack(">Q", len(content)) + content)
            harness.stdin.flush()
            line = json.loads(harness.stdout.readline())
            yield line, harness.stdout.read(line["length"])
        harness.stdin.close()


def faults(line: dict, jpeg: bytes) -> list[str]:
    """What is wrong with an outcome."""
    wrong = {
        "ended by itself": line["ended"] not in (
            photo_decoder.DONE, photo_decoder.NOT_A_PICTURE, photo_decoder.TOO_LARGE,
        ),
        "too long": line["seconds"] > MOST_SECONDS,
        "too much memory": line["mebibytes"] > MOST_MEBIBYTES,
        "no bare JPEG": (line["ended"] == photo_decoder.DONE) != is_bare_jpeg(jpeg),
        "tells": tells_the_place(jpeg) or b"script" in jpeg,
    }  # fmt: skip
    return [what for what, is_wrong in wrong.items() if is_wrong]


# --- the decoder -------------------------------------------------------------------------------------------


def test_no_mutated_file_breaks_the_decoder(tally):
    number = scale.of(10_000, 60)
    ended, wrong, slowest, largest = Counter(), [], 0.0, 0.0
    for place, (line, jpeg) in enumerate(decoded(islice(mutated(seed=11), number))):
        ended[line["ended"]] += 1
        slowest, largest = max(slowest, line["seconds"]), max(largest, line["mebibytes"])
        if found := faults(line, jpeg):
            wrong.append((place, found, line))
    assert wrong == []
    assert ended[photo_decoder.DONE] > number // 20  # else they were broken beyond being of use
    tally(
        f"test 11: {number} mutated files, {ended[photo_decoder.DONE]} made new, crashes: 0, "
        f"at most {slowest:.2f} s and {largest:.0f} MiB"
    )


def test_no_hostile_file_breaks_the_decoder(tally):
    outcomes = list(decoded(FILES[name]() for name in CHOSEN))
    wrong = {name: found for name, one in zip(CHOSEN, outcomes, strict=True) if (found := faults(*one))}
    assert wrong == {}
    slowest = max(line["seconds"] for line, _jpeg in outcomes)
    largest = max(line["mebibytes"] for line, _jpeg in outcomes)
    tally(f"test 11: {len(outcomes)} hostile files, at most {slowest:.2f} s and {largest:.0f} MiB")


def test_the_app_decides_as_the_decoder_does():
    """Through the child that the app starts, for some of them."""
    files = list(islice(mutated(seed=11), scale.of(200, 4)))
    for content, (line, jpeg) in zip(files, decoded(files), strict=True):
        try:
            assert photos.rebuilt(content) == jpeg
        except photos.NotAPicture:
            assert line["ended"] == photo_decoder.NOT_A_PICTURE
        except photos.PictureTooLarge:
            assert line["ended"] == photo_decoder.TOO_LARGE


# --- the whole way -----------------------------------------------------------------------------------------


@pytest.fixture
def draft(momo, miki):
    return factories.ChildUpdateFactory(child=momo, author=miki)


def parts(name: str, content: bytes) -> tuple[bytes, bytes]:
    """What stands before and behind the file in the body of a form. `name` as it is sent, unquoted."""
    key = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="key"\r\n\r\n{uuid.uuid4()}\r\n'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photo"; filename="{name}"\r\n'
    return (key + head + "Content-Type: image/jpeg\r\n\r\n").encode(), f"\r\n--{BOUNDARY}--\r\n".encode()


def send(client: Client, update, name: str, content: bytes) -> HttpResponse:
    before, behind = parts(name, content)
    return client.generic(
        "POST",
        reverse("foster:add_photo", args=[update.uuid]),
        before + content + behind,
        f"multipart/form-data; boundary={BOUNDARY}",
    )


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Iterator[list[str]]:
    """Names of the files that this process made in the temporary folder, gone again or not."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made: list[str] = []
    watched[0] = made
    yield made
    watched[0] = []
    assert list(tmp_path.iterdir()) == []


watched: list[list[str]] = [[]]


def _note(event: str, arguments: tuple) -> None:
    if event in ("tempfile.mkstemp", "tempfile.mkdtemp"):
        watched[0].append(str(arguments[0]))


sys.addaudithook(_note)


def test_no_hostile_file_or_name_is_kept(draft, miki, as_user, temporary, tally):
    client = as_user(miki)
    uploads = [("IMG_0001.jpg", FILES[name]()) for name in CHOSEN]
    uploads += [(name, saved("JPEG")) for name in NAMES[:: scale.of(1, 4)]]
    kept = 0
    for name, content in uploads:
        response = send(client, draft, name, content)
        assert response.status_code in (302, 422), name
        photo = UpdatePhoto.objects.first()
        assert (photo is not None) == (response.status_code == 302)
        if photo is None:
            assert 'id="error_1_id_photo"' in response.content.decode()
            continue
        kept += 1
        assert is_bare_jpeg(open_value(photo, "image"))
        assert not tells_the_place(open_value(photo, "image"))
        told = " ".join(map(str, UpdatePhoto.objects.values_list("uuid", "caption").get()))
        assert name.rpartition("/")[2][:20] not in told
        photo.delete()
    assert temporary == []
    tally(f"test 11: {len(uploads)} hostile uploads, {kept} made new, kept as sent: 0, answers of 5xx: 0")


class Endless:
    """The body of a request as a server hands it on, made while it is read."""

    def __init__(self, before: bytes, length: int, behind: bytes) -> None:
        self.before, self.left, self.behind = before, length, behind
        self.length = len(before) + length + len(behind)
        self.most_asked = 0

    def read(self, size: int) -> bytes:
        self.most_asked = max(self.most_asked, size)
        if self.before:
            part, self.before = self.before[:size], self.before[size:]
        elif self.left:
            part = bytes(min(size, self.left))
            self.left -= len(part)
        else:
            part, self.behind = self.behind[:size], self.behind[size:]
        return part

    def readline(self, size: int = -1) -> bytes:
        raise AssertionError("the parser of forms reads in pieces")


def most_memory() -> int:
    """Bytes that this process has ever held, from the kernel."""
    [line] = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def test_a_gigabyte_is_read_away_and_refused_with_a_sentence(draft, miki, as_user, temporary, tally):
    client, size = as_user(miki), scale.of(2**30, 2**28)
    body = Endless(*(lambda ends: (ends[0], size, ends[1]))(parts("film.jpg", b"")))
    before = most_memory()
    response = client.post(
        reverse("foster:add_photo", args=[draft.uuid]),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        **{"wsgi.input": body, "CONTENT_LENGTH": str(body.length)},
    )
    assert response.status_code == 422
    assert "at most 15 MB" in response.content.decode()
    assert (body.left, body.behind) == (0, b"")
    assert body.most_asked <= 2**17
    assert most_memory() - before < MOST_MEBIBYTES * 2**20
    assert temporary == []
    tally(f"test 11: a form of {size >> 20} MiB, at most {body.most_asked >> 10} KiB of it held at once")


# --- the controls ------------------------------------------------------------------------------------------


def test_control_a_look_at_the_beginning_takes_a_page_for_a_photo():
    """What many do: the first bytes decide."""

    def looks_like_a_jpeg(content: bytes) -> bool:
        return content.startswith(b"\xff\xd8\xff")

    assert looks_like_a_jpeg(JPEG_START + HTML)
    with pytest.raises(photos.NotAPicture):
        photos.rebuilt(JPEG_START + HTML)


def test_control_a_spooled_file_is_noticed(draft, miki, as_user, temporary, settings):
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
    assert send(as_user(miki), draft, "IMG_0001.jpg", saved("JPEG")).status_code == 302
    assert len(temporary) == 1
    assert "upload" in temporary[0]


def test_control_a_crash_is_a_fault():
    line = {"ended": -11, "seconds": 3, "mebibytes": 400, "length": 0}
    assert faults(line, b"") == ["ended by itself", "too long", "too much memory"]
    assert faults(line | {"ended": photo_decoder.DONE}, HTML)[-2:] == ["no bare JPEG", "tells"]
