"""Pictures for the demo's updates: drawn scenes without people or places, and a list of whose they are."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1200, 800
FINER = 2  # drawn twice as large, then made smaller: smooth edges
LIST = "photos.json"

Draw = ImageDraw.ImageDraw


def write(folder: Path) -> None:
    """One JPEG a scene, and the list: file, child, day and title of the update, caption."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (scene, *_update) in PHOTOS.items():
        picture(scene).save(folder / f"{name}.jpg", quality=82)
    listed = [
        {"file": f"{name}.jpg", "child": child, "written_on": day, "caption": caption}
        for name, (_scene, child, day, caption) in PHOTOS.items()
    ]
    (folder / LIST).write_text(json.dumps(listed, ensure_ascii=False, indent=2) + "\n")


def picture(scene: Callable[[Image.Image, Draw], None]) -> Image.Image:
    large = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), "white")
    scene(large, ImageDraw.Draw(large))
    return large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _scaled(*numbers: float) -> list[float]:
    return [number * FINER for number in numbers]


def _disc(draw: Draw, x: float, y: float, radius: float, colour: str) -> None:
    draw.ellipse(_scaled(x - radius, y - radius, x + radius, y + radius), fill=colour)


def _ring(draw: Draw, x: float, y: float, radius: float, colour: str, width: int) -> None:
    draw.ellipse(_scaled(x - radius, y - radius, x + radius, y + radius), outline=colour, width=width * FINER)


def _box(draw: Draw, x: float, y: float, width: float, height: float, colour: str, corner: float = 0) -> None:
    draw.rounded_rectangle(_scaled(x, y, x + width, y + height), corner * FINER, fill=colour)


def _line(draw: Draw, points: list[tuple[float, float]], colour: str, width: float) -> None:
    draw.line(
        [(x * FINER, y * FINER) for x, y in points], fill=colour, width=int(width * FINER), joint="curve"
    )


def _shape(draw: Draw, points: list[tuple[float, float]], colour: str) -> None:
    draw.polygon([(x * FINER, y * FINER) for x, y in points], fill=colour)


def _fade(
    image: Image.Image, top: tuple[int, int, int], bottom: tuple[int, int, int], until: float = HEIGHT
) -> None:
    """The ground of a picture: one colour slowly becoming another, downwards."""
    draw, last = ImageDraw.Draw(image), int(until * FINER)
    for row in range(last):
        part = row / last
        colour = tuple(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True))
        draw.line((0, row, image.width, row), fill=colour)


def bicycle(image: Image.Image, draw: Draw) -> None:
    _fade(image, (252, 236, 205), (250, 214, 165), 560)
    _disc(draw, 960, 210, 90, "#fff3d6")
    _box(draw, 0, 560, WIDTH, 240, "#b9a27c")
    shadow = Image.new("L", image.size, 0)
    ImageDraw.Draw(shadow).ellipse(_scaled(270, 690, 930, 740), fill=110)
    image.paste("#6d5a3c", mask=shadow.filter(ImageFilter.GaussianBlur(16 * FINER)))
    for x in (400, 800):
        _ring(draw, x, 580, 130, "#3a3f47", 13)
        for dx, dy in ((0, 122), (122, 0), (86, 86), (86, -86)):
            _line(draw, [(x - dx, 580 - dy), (x + dx, 580 + dy)], "#8b929b", 2)
        _disc(draw, x, 580, 13, "#3a3f47")
    red = "#c8443c"
    _line(draw, [(400, 580), (520, 390), (730, 390), (560, 580), (400, 580)], red, 14)
    _line(draw, [(505, 350), (560, 580)], red, 14)
    _line(draw, [(800, 580), (725, 340)], red, 14)
    _line(draw, [(680, 325), (725, 335), (765, 300)], "#3a3f47", 13)
    _box(draw, 455, 328, 100, 24, "#4a3628", 12)
    _disc(draw, 560, 580, 26, "#3a3f47")
    _disc(draw, 690, 312, 15, "#e9c14b")


def painting(image: Image.Image, draw: Draw) -> None:
    _fade(image, (214, 200, 180), (196, 180, 158))
    for x, y, width, height in ((210, 130, 560, 560), (740, 90, 330, 420)):
        _box(draw, x + 8, y + 10, width, height, "#a08f74", 4)
        _box(draw, x, y, width, height, "#fffdf6", 4)
    _box(draw, 214, 560, 552, 126, "#8cbf6a")
    _box(draw, 320, 380, 320, 220, "#f2c230", 6)
    _shape(draw, [(290, 385), (480, 250), (670, 385)], "#c65a3e")
    _box(draw, 445, 480, 70, 120, "#7a4b2b", 6)
    for x in (345, 545):
        _box(draw, x, 420, 70, 70, "#bfe3ef", 4)
        _disc(draw, x + 35, 474, 17, "#4b4038")
        _disc(draw, x + 35, 452, 12, "#4b4038")
        _shape(draw, [(x + 24, 448), (x + 27, 432), (x + 34, 443)], "#4b4038")
        _shape(draw, [(x + 46, 448), (x + 43, 432), (x + 36, 443)], "#4b4038")
    for dx, dy in ((0, 190), (190, 0), (135, 135), (135, -135), (70, 178), (178, 70), (70, -178), (178, -70)):
        _line(draw, [(850 - dx, 300 - dy), (850 + dx, 300 + dy)], "#f6b93b", 10)
    _disc(draw, 850, 300, 140, "#fbd04d")
    for x, y in ((230, 150), (750, 150), (760, 110), (1050, 110)):
        _disc(draw, x, y, 9, "#c8443c")


def feast(image: Image.Image, draw: Draw) -> None:
    _fade(image, (247, 231, 215), (236, 205, 180))
    _box(draw, 0, 620, WIDTH, 180, "#a9764f")
    colours = ("#c8443c", "#e9c14b", "#4c8a6a", "#4a78a8")
    for number in range(12):
        x, sag = number * 100 + 50, 60 - abs(number - 5.5) * 8
        _shape(draw, [(x - 38, 120 + sag), (x + 38, 120 + sag), (x, 205 + sag)], colours[number % 4])
    _line(draw, [(number * 100, 120 + 60 - abs(number - 6) * 8) for number in range(13)], "#6b5138", 5)
    for x in (505, 665):
        _box(draw, x, 520, 22, 190, "#6b4226", 4)
        _box(draw, x, 330, 22, 200, "#6b4226", 4)
    _box(draw, 490, 505, 212, 30, "#8a5a36", 8)
    for y in (350, 410):
        _box(draw, 510, y, 175, 24, "#8a5a36", 6)
    for x, y, colour in (
        (250, 420, "#4a78a8"),
        (360, 330, "#c8443c"),
        (850, 340, "#4c8a6a"),
        (960, 440, "#e9a13b"),
    ):
        draw.ellipse(_scaled(x - 30, y - 22, x + 26, y + 22), fill=colour)
        _line(draw, [(x + 22, y), (x + 22, y - 130)], colour, 8)
        _line(draw, [(x + 22, y - 128), (x + 62, y - 92)], colour, 12)


def tower(image: Image.Image, draw: Draw) -> None:
    _fade(image, (222, 233, 226), (196, 214, 206), 600)
    _box(draw, 0, 600, WIDTH, 200, "#c9a27a")
    blocks = (
        (330, 520, 120, "#c8443c"),
        (460, 520, 120, "#4a78a8"),
        (590, 520, 120, "#4c8a6a"),
        (395, 420, 110, "#e9c14b"),
        (515, 420, 110, "#c8443c"),
        (455, 325, 105, "#4c8a6a"),
        (465, 235, 90, "#4a78a8"),
        (475, 155, 75, "#e9a13b"),
    )
    for x, y, size, colour in blocks:
        height = min(size, 100)
        _box(draw, x, y + 100 - height, size, height, colour, 8)
        _box(draw, x + 12, y + 112 - height, size - 24, 10, "#ffffff", 5)
    grey, dark = "#6f6a66", "#2f2b29"
    draw.ellipse(_scaled(800, 430, 960, 640), fill=grey)
    _disc(draw, 850, 410, 68, grey)
    _shape(draw, [(792, 385), (800, 312), (842, 350)], grey)
    _shape(draw, [(862, 348), (905, 312), (912, 385)], grey)
    _line(draw, [(945, 610), (1030, 590), (1050, 500)], grey, 26)
    _disc(draw, 1050, 500, 13, grey)
    for x in (828, 868):
        _disc(draw, x, 402, 10, "#f2e27a")
        _disc(draw, x, 402, 5, dark)
    _shape(draw, [(842, 424), (856, 424), (849, 433)], "#d98b84")
    _line(draw, [(800, 520), (730, 470)], grey, 30)
    _disc(draw, 728, 468, 16, grey)


def night(image: Image.Image, draw: Draw) -> None:
    _fade(image, (14, 22, 51), (54, 66, 110))
    random = Random(7)
    for _ in range(170):
        x, y = random.uniform(0, WIDTH), random.uniform(0, 620)
        if abs(x - 945) > 110 or abs(y - 185) > 110:  # no star in front of the moon
            _disc(draw, x, y, random.uniform(0.8, 2.6), "#dfe6ff")
    for x, y in ((250, 180), (340, 230), (430, 215), (505, 285), (640, 300), (690, 225), (560, 200)):
        _disc(draw, x, y, 5, "#ffffff")
    _disc(draw, 930, 190, 70, "#f6efd2")
    _disc(draw, 962, 172, 64, "#172040")
    _disc(draw, 800, 420, 9, "#f3c98b")
    _shape(
        draw, [(0, 800), (0, 620), (240, 560), (520, 640), (800, 580), (1200, 660), (1200, 800)], "#0d1326"
    )
    _box(draw, 470, 540, 260, 260, "#161d36", 0)
    _shape(draw, [(440, 545), (600, 440), (760, 545)], "#0b1022")
    _box(draw, 565, 600, 70, 80, "#f2c76b", 6)
    _line(draw, [(600, 600), (600, 680)], "#161d36", 6)
    _line(draw, [(565, 640), (635, 640)], "#161d36", 6)


# Name → scene, child and day of the update, caption.
PHOTOS = {
    "bicycle": (bicycle, "K-01", "2026-11-13", "自転車とベル (the bicycle, with its bell)"),
    "painting": (
        painting,
        "K-01",
        "2026-09-18",
        "黄色い家と、二枚目の紙の太陽 (the sun on its second sheet)",
    ),
    "feast": (feast, "K-02", "2026-11-06", "The chair of the song"),
    "tower": (tower, "K-03", "2026-10-16", "The tower, and who will knock it down"),
    "night": (night, "K-04", "2026-10-30", "晴れた夜 (a clear evening)"),
}
