from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.workbook.describing import MARK, described

PAGE = Path("docs") / "workbook.md"


class Command(BaseCommand):
    help = "Write the columns of every sheet into docs/workbook.md, below its introduction."

    def handle(self, *args: Any, **options: Any) -> None:
        page = settings.BASE_DIR / PAGE
        introduction, _mark, _rest = page.read_text().partition(MARK)
        page.write_text(introduction + described())
