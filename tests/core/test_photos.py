"""A photo is made new from its pixels: what else its file carried is gone."""

import io

import pillow_heif
import pytest
from PIL import Image, features
from PIL.PngImagePlugin import PngInfo

from core import photos

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
