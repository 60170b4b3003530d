"""`python -m scripts.samples`: write everything under `sample/` that is made by a script."""

import os
from pathlib import Path

from scripts.stack.django import set_up

SAMPLE = Path(__file__).resolve().parents[2] / "sample"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfnkr.settings")
    set_up(["check"])  # only the sheets' headings are asked for: no database is needed
    import django

    django.setup()
    from scripts.samples import demo, photos, year

    year.book().write(SAMPLE / "fy2012.xlsx")
    demo.book().write(SAMPLE / "demo.xlsx")
    photos.write(SAMPLE / "photos")


if __name__ == "__main__":
    main()
