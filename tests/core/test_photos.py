"""A photo is made new from its pixels: what else its file carried is gone."""

import io
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pillow_heif
import pytest
from PIL import Image, features
from PIL.PngImagePlugin import PngInfo

from core import photo_decoder, photos

pillow_heif.register_heif_opener()

SECRET = b"41.7151,126.9373 HIDDEN VALLEY"


def exif(orientation=1) -> Image.Exif:
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010E] = SECRET.decode()  # ImageDescription
    data.get_ifd(0x8825)[29] = SECRET.decode()  # GPS date, as text
    data.get_ifd(0x8769)[0x9286] = SECRET  # UserComment
    return data


def picture(kind="JPEG", size=(64, 32), **options) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "red")
    image.putpixel((0, 0), (0, 0, 255))
    if kind == "PNG":
        texts = PngInfo()
        texts.add_text("Comment", SECRET.decode())
        options |= {"pnginfo": texts}
    if kind == "JPEG":
        options |= {"comment": SECRET, "icc_profile": SECRET * 20}
    image.save(out, kind, **({"exif": exif()} | options))
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_nothing_of_the_file_survives(kind):
    if kind == "AVIF":
        assert features.check("avif")
    before = picture(kind)
    assert SECRET in before  # else the test could not fail
    after = photos.rebuilt(before)
    assert SECRET not in after
    assert b"Exif" not in after
    image = opened(after)
    assert (image.format, image.size) == ("JPEG", (64, 32))
    assert not image.getexif()
    assert "icc_profile" not in image.info
    assert "comment" not in image.info


def test_what_follows_the_picture_in_its_file_is_gone():
    assert SECRET not in photos.rebuilt(picture() + b"<html>" + SECRET)


def test_photo_taken_sideways_stands_upright():
    image = opened(photos.rebuilt(picture(exif=exif(orientation=6))))
    assert image.size == (32, 64)


def test_large_photo_becomes_small():
    assert opened(photos.rebuilt(picture(size=(5000, 1000)))).size == (2048, 410)


def test_transparent_ground_becomes_white():
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(photos.rebuilt(out.getvalue())).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize("size", [(6400, 6400), (12000, 12000), (30000, 30000)])
def test_pixel_flood_is_refused_before_it_is_unpacked(size):
    out = io.BytesIO()
    Image.new("1", size).save(out, "PNG")
    with pytest.raises(photos.PictureTooLarge, match="40 megapixels"):
        photos.rebuilt(out.getvalue())


def test_file_above_the_limit_is_refused():
    with pytest.raises(photos.PictureTooLarge):
        photos.rebuilt(picture() + bytes(photos.LARGEST_FILE))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"\xff\xd8\xff\xe0 <html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a",
        b"%PDF-1.7",
        picture()[:300],
        picture("PNG")[:100],
    ],
)
def test_file_that_is_no_photo_gets_a_sentence(content):
    with pytest.raises(photos.NotAPicture, match="Choose a JPEG"):
        photos.rebuilt(content)


def test_format_that_is_not_listed_is_refused():
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "BMP")
    with pytest.raises(photos.NotAPicture):
        photos.rebuilt(out.getvalue())


# --- the child ---------------------------------------------------------------------------------------


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """`stand_in("code")`: runs in the place of the decoder, as the child that the app starts."""

    def take_its_place(code: str) -> None:
        program = tmp_path / "decoder.py"
        program.write_text(code)
        monkeypatch.setattr(photo_decoder, "__file__", str(program))

    return take_its_place


def test_child_that_hangs_is_killed(stand_in, monkeypatch):
    stand_in("import time; time.sleep(60)")
    monkeypatch.setattr(photo_decoder, "SECONDS", 0.5)
    with pytest.raises(photos.NotAPicture):
        photos.rebuilt(b"x")


def test_child_that_is_killed_by_a_limit_refuses_the_file(stand_in):
    stand_in("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)")
    with pytest.raises(photos.NotAPicture):
        photos.rebuilt(b"x")


def test_child_that_cannot_begin_is_no_fault_of_the_file(stand_in):
    stand_in("import no_such_module")
    with pytest.raises(photos.DecoderBroken):
        photos.rebuilt(b"x")


def test_child_gets_the_file_and_nothing_else_of_ours(stand_in, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    stand_in(
        "import json, os, sys; "
        "print(json.dumps([sorted(os.environ), os.getcwd(), sys.path[0], sys.stdin.read()]))"
    )
    environment, folder, first_path, content = json.loads(photos.rebuilt(b"a file"))
    assert set(environment) <= {"LC_CTYPE"}  # Python's own
    assert folder == "/"
    assert "core" not in first_path
    assert content == "a file"


LOCKED_IN = """
import importlib.util, resource, socket
spec = importlib.util.spec_from_file_location("decoder", {path!r})
decoder = importlib.util.module_from_spec(spec)
spec.loader.exec_module(decoder)
decoder._lock_in()
for what, attempt in {{
    "read": lambda: open({path!r}),
    "write": lambda: open("/tmp/lfnkr-child", "w"),
    "connect": lambda: socket.socket(),
    "memory": lambda: bytearray(decoder.ADDRESSES),
}}.items():
    try:
        attempt()
    except (OSError, MemoryError) as error:
        print(what, type(error).__name__)
"""


def test_child_opens_no_file_and_no_socket_once_it_decodes():
    code = LOCKED_IN.format(path=photo_decoder.__file__)
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        "read",
        "OSError",
        "write",
        "OSError",
        "connect",
        "OSError",
        "memory",
        "MemoryError",
    ]


def test_the_app_itself_loads_no_decoder():
    code = "import core.photos, sys; print([name for name in ('PIL', 'pillow_heif') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_several_people_send_photos_at_once():
    with ThreadPoolExecutor(4) as people:
        made = list(people.map(photos.rebuilt, [picture(size=(8 * n, 8)) for n in range(1, 9)]))
    assert [opened(one).width for one in made] == [8 * n for n in range(1, 9)]
