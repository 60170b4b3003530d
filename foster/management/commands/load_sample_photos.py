import json
import uuid
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.selectors import system_user
from foster.models import ChildUpdate
from foster.services.sample import add_sample_photo

# The same picture is the same photo, however often it is loaded.
_PICTURES = uuid.UUID("3b1f4c56-6a0e-4a8e-8a53-7d0f0c3a9b11")


class Command(BaseCommand):
    help = "Put the drawn pictures of the sample into the updates they belong to. A workbook carries none."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.SAMPLE_PHOTOS)
        listed = json.loads((folder / "photos.json").read_text()) if folder.is_dir() else []
        added = sum(self._add(folder, picture) for picture in listed)
        self.stdout.write(f"Photos of the sample: {added}.")

    def _add(self, folder: Path, picture: dict[str, str]) -> bool:
        """False when the workbook brought no such update."""
        update = ChildUpdate.objects.filter(
            child__code=picture["child"], written_on=date.fromisoformat(picture["written_on"])
        ).first()
        if update is None:
            return False
        add_sample_photo(
            by=system_user(), update=update, key=uuid.uuid5(_PICTURES, picture["file"]),
            content=(folder / picture["file"]).read_bytes(), caption=picture["caption"],
        )  # fmt: skip
        return True
