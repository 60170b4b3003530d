from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.describing import MARK, described

PAGE = Path("docs") / "roles.md"


class Command(BaseCommand):
    help = "Write the roles, their rights and the matrix of roles and kinds of data into docs/roles.md."

    def handle(self, *args: Any, **options: Any) -> None:
        page = settings.BASE_DIR / PAGE
        introduction, _mark, _rest = page.read_text().partition(MARK)
        page.write_text(introduction + described())
