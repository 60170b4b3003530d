"""Secrets put into every sealed column, by the doors that people use; and the day's work around them."""

import io
import itertools
import logging
import random
import re
import string
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from PIL import Image

from accounts.selectors import system_user
from core import outbox
from core.sealed import SealedBytesField, SealedField
from core.services import save_record
from foster.models import Child
from shelters.models import Shelter
from tests import factories
from tests.backups import factories_of_records, one_of, said
from tests.core.workbooks import written
from tests.proof.searching import encodings, spellings

SLICE = 24  # bytes of a picture that stand nowhere else by chance

# Sheet → heading → what stands in each row; "?" is a secret, "#" the number of the row.
SHEETS = {
    "Shelters": {
        "Code name": "HOUSE-#",
        "Publishable region": "coast",
        "Places": 10,
        "Opened": "2020-01-01",
        "Address": "?",
        "Map point": "?",
        "Contact": "?",
    },
    "Residents": {"Code": "X-#", "Real name": "?"},
    "Children": {"Code": "C-#", "Name for sponsors": "Child #", "Real name": "?", "Family": "?"},
    "Recipients": {"Code": "R-#", "Kind": "orphanage", "Area": "inside", "Real name": "?", "Address": "?"},
    "Routes": {"Kind": "food", "Code": "RN-#", "Regularity": "regular", "Drop points": "?"},
    "Route sites": {
        "Route": "RN-#", "Number": "S-#", "Order": 1, "Kind": "crossing", "Code name": "SITE-#",
        "Since": "2020-01-01", "Where it is": "?",
    },
}  # fmt: skip


class Secrets:
    """Values to be sealed. Each begins with one word of this run, so that a search for the word finds any."""

    def __init__(self) -> None:
        self.word = "".join(random.choices(string.ascii_letters, k=16))
        self.given: list[str] = []
        self.pictures: list[bytes] = []  # parts of photos, in every encoding

    def one(self) -> str:
        """A fresh secret, as a person would write one in two scripts."""
        self.given.append(f"{self.word}{len(self.given):03} 김선희")
        return self.given[-1]

    def photo(self) -> bytes:
        """As a phone takes it, with a place in its metadata."""
        out, exif = io.BytesIO(), Image.Exif()
        exif[0x010E] = f"at {self.word}"  # the description
        exif.get_ifd(0x8825)[29] = self.word
        Image.effect_noise((320, 240), 90).convert("RGB").save(out, "JPEG", exif=exif)
        assert self.word.encode() in out.getvalue()
        return out.getvalue()

    def hide(self, picture: bytes) -> None:
        """Parts of this picture are to be found nowhere either."""
        starts = [len(picture) * quarter // 4 for quarter in (1, 2, 3)]
        for found in (encodings(picture[start : start + SLICE]) for start in starts):
            self.pictures += itertools.chain.from_iterable(found.values())

    def needles(self) -> list[bytes]:
        return [*itertools.chain.from_iterable(spellings(self.word).values()), *self.pictures]


def sealed_fields() -> set[tuple[str, str]]:
    """(model, field) of every sealed column there is."""
    return {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField)
    }


def filled_fields() -> set[tuple[str, str]]:
    """Those in which something stands."""
    return {
        (label, name)
        for label, name in sealed_fields()
        if apps.get_model(label)._default_manager.filter(**{f"{name}__isnull": False}).exists()
    }


def by_workbook(secrets: Secrets, folder: Path, *, rows: int) -> None:
    """The door by which names and addresses come in. The file itself is the user's own."""
    pages = {
        sheet: [
            list(cells),
            *([_cell(value, number, secrets) for value in cells.values()] for number in range(rows)),
        ]
        for sheet, cells in SHEETS.items()
    }
    folder.mkdir()
    answer = said("import_workbook", str(written(folder / "register.xlsx", pages)))
    assert "refused" not in answer, answer


def _cell(value: str | int, number: int, secrets: Secrets) -> str | int:
    if value == "?":
        return secrets.one()
    return value.replace("#", str(number)) if isinstance(value, str) else value


def photos_by_web(secrets: Secrets, client, officer, number: int) -> None:
    """Sent, and looked at again."""
    draft = factories.ChildUpdateFactory(child=Child.objects.first(), author=officer)
    for original, key in ((secrets.photo(), uuid.uuid4()) for _each in range(number)):
        file = SimpleUploadedFile("camera.jpg", original, "image/jpeg")
        address = reverse("foster:add_photo", args=[draft.uuid])
        assert client.post(address, {"photo": file, "key": key, "caption": "at play"}).status_code == 302
        page = client.get(reverse("foster:edit_update", args=[draft.uuid])).content.decode()
        kept = client.get(re.search(rf'src="(/foster/photos/{key}/[^"]*)"', page)[1])
        assert kept.status_code == 200
        secrets.hide(original)
        secrets.hide(kept.content)


def into_what_is_left(secrets: Secrets) -> None:
    """Sealed columns that no sheet and no page above fills: straight into the model."""
    for label, name in sorted(sealed_fields() - filled_fields()):
        model = apps.get_model(label)
        factory = next(one for one in factories_of_records() if one._meta.model is model)
        is_bytes = isinstance(model._meta.get_field(name), SealedBytesField)
        value = secrets.one().encode() if is_bytes else secrets.one()
        if getattr(model, "append_only", False):
            factory(**{name: value})
            continue
        record = model._default_manager.first() or one_of(factory)
        setattr(record, name, value)
        record.save()


def by_changing(secrets: Secrets, number: int) -> None:
    """A secret takes the place of another: neither is to be found, nor what the trail says of the change."""
    for record, field in itertools.islice(_fields_in_turn(), number):
        save_record(by=system_user(), record=record, action="shelters.changed", **{field: secrets.one()})


def _fields_in_turn() -> Iterator[tuple[Shelter, str]]:
    return itertools.cycle(itertools.product(list(Shelter.objects.all()), ("contact", "address")))


def reveal_by_web(client, worker) -> str:
    """The page on which an address stands open."""
    shelter = Shelter.objects.first()
    factories.PostingFactory(user=worker, shelter=shelter)
    address = reverse("shelters:reveal_address", args=[shelter.uuid])
    return client.post(address, {"field": "address", "purpose": "a delivery"}).content.decode()


def by_statements_that_fail(secrets: Secrets) -> None:
    """A broken rule carries its row: PostgreSQL and the application both write such a thing down."""
    for _each in range(3):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO shelters_resident (uuid, code, origin) VALUES (%s, %s, NULL)",
                    [uuid.uuid4(), secrets.word],
                )
        except IntegrityError:
            logging.getLogger("django.request").exception("It broke.")


def mail_that_there_is_news() -> None:
    with transaction.atomic():
        words = {"subject": "There is news", "body": "Log in to read it."}
        outbox.post(key="news", kind="news", to_address="y@example.org", language="en", **words)
