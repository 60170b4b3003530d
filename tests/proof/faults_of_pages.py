"""Ways to be refused by our own pages with a secret in hand: forms, files, imports, addresses, cookies.

Each is given a client and a secret. A page with a form gives back what was typed to the person who typed it,
so its own answer is not looked into (None comes back); everything else is.
"""

import io
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from tests import factories as f
from tests import sessions
from tests.backups import said
from tests.core.workbooks import written

Fault = Callable[[Client, str], HttpResponse | None]


def entered(client: Client, role: str) -> User:
    person = f.UserFactory(role=role)
    sessions.enter(client, person)
    return person


# --- forms that are sent in -------------------------------------------------------------------------------


def form(role: str, page: str, of: Callable[[User], Any] | None = None, /, **typed: str) -> Fault:
    """The secret, typed into these fields, is refused. `of`: makes the record that the page is about."""

    def send(client: Client, secret: str) -> None:
        person = entered(client, role)
        address = reverse(page, args=[of(person).uuid] if of else [])
        filled = {field: text.replace("SECRET", secret) for field, text in typed.items()}
        answer = client.post(address, {"key": uuid.uuid4()} | filled)
        assert answer.status_code in (400, 422), (page, answer.status_code)

    return send


def one(factory: Any) -> Callable[[User], Any]:
    return lambda _person: factory()


def mine(person: User) -> Any:
    return f.PostingFactory(user=person).shelter


def a_finding(_person: User) -> Any:
    return f.LeakFindingFactory(subject_uuid=f.ShelterFactory().uuid)


FORMS: dict[str, Fault] = {
    "form: donor": form("finance_officer", "donations:new_donor", name="SECRET", email="SECRET at x"),
    "form: donation": form(
        "finance_officer", "donations:record", donor="SECRET", gross="SECRET", note="SECRET"
    ),
    "form: refund": form("finance_officer", "donations:refund", one(f.DonationFactory), gross="SECRET"),
    "form: payment": form("finance_officer", "donations:complete", one(f.DonationFactory), donor="SECRET"),
    "form: invitation": form(
        "administrator", "accounts:invite", name="SECRET", email="SECRET", role="SECRET"
    ),
    "form: role": form("administrator", "accounts:person", one(f.UserFactory), role="SECRET"),
    "form: new start": form("administrator", "accounts:start_over", one(f.UserFactory), reason="SECRET" * 40),
    "form: lock-down": form("administrator", "accounts:lock_down", person="SECRET", note="SECRET"),
    "form: lift": form(
        "administrator", "accounts:lift_lock_down", one(f.LockDownFactory), reason="SECRET" * 40
    ),
    "form: shelter's lock-down": form("supply_coordinator", "shelters:lock_down", shelter="SECRET"),
    "form: to be forgotten": form("administrator", "accounts:forget", kind="SECRET", code="SECRET"),
    "form: emergency": form(
        "administrator", "shelters:break_glass", one(f.ShelterFactory), purpose="SECRET" * 40
    ),
    "form: address": form("field_staff", "shelters:reveal_address", mine, field="SECRET", purpose="SECRET"),
    "form: supplies": form("field_staff", "shelters:log", mine, item="SECRET", quantity="SECRET"),
    "form: finding": form("foster_officer", "accounts:settle_leak", a_finding, state="SECRET"),
    "form: app for codes": form("field_staff", "accounts:add_app", code="SECRET"),
    "form: news": form("foster_officer", "foster:write_update", one(f.ChildFactory), written_on="SECRET"),
    "form: draft": form(
        "foster_officer", "foster:edit_update", one(f.ChildUpdateFactory), written_on="SECRET", text="SECRET"
    ),
    "form: withdrawal": form(
        "foster_officer", "foster:withdraw_update", one(f.ChildUpdateFactory), reason="SECRET" * 40
    ),
    "form: month": form("foster_officer", "foster:reminders", month="SECRET"),
    "form: report's year": form("administrator", "reports:draft", year="SECRET", language="SECRET"),
    "form: report's text": form(
        "administrator", "reports:section", one(f.SectionFactory), text="{{ SECRET }}"
    ),
}

# --- files ------------------------------------------------------------------------------------------------


def photo(content: Callable[[str], bytes], suffix: str = "jpg") -> Fault:
    def send(client: Client, secret: str) -> HttpResponse:
        entered(client, "foster_officer")
        file = SimpleUploadedFile(f"{secret}.{suffix}", content(secret), f"image/{secret}")
        address = reverse("foster:add_photo", args=[f.ChildUpdateFactory().uuid])
        return client.post(address, {"key": uuid.uuid4(), "photo": file, "caption": "Snow"})

    return send


def saved(kind: str, size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, kind, **options)
    return out.getvalue()


FILES: dict[str, Fault] = {
    "upload: cut off": photo(lambda secret: saved("JPEG", comment=secret.encode())[:-200]),
    "upload: another kind": photo(lambda secret: saved("GIF", comment=secret.encode()), "gif"),
    "upload: empty": photo(lambda _secret: b""),
    "upload: text": photo(lambda secret: secret.encode() * 50, "png"),
    "upload: too many points": photo(lambda _secret: saved("PNG", (12_000, 12_000)), "png"),
    "upload: a page": photo(lambda secret: f"<svg><script>{secret}</script></svg>".encode(), "svg"),
}


def workbook(rows: Callable[[str], dict[str, list[list[Any]]]]) -> Fault:
    """A workbook that is refused. What the operator is told of their own file is theirs to read."""

    def bring_in(_client: Client, secret: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = written(Path(folder) / "register.xlsx", rows(secret))
            assert "refused" in said("import_workbook", str(file))

    return bring_in


def no_workbook(_client: Client, secret: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{secret}.xlsx"
        file.write_text(secret)
        assert "refused" in said("import_workbook", str(file))


_SHELTER = ["Code name", "Publishable region", "Places", "Opened", "Address"]
IMPORTS: dict[str, Fault] = {
    "import: no number": workbook(
        lambda secret: {"Shelters": [_SHELTER, ["OAK", "coast", secret, "2020-01-01", secret]]}
    ),
    "import: no date": workbook(
        lambda secret: {"Shelters": [_SHELTER, ["OAK", "coast", 10, secret, secret]]}
    ),
    "import: twice": workbook(lambda secret: {"Residents": [["Code", "Real name"], *[["X-1", secret]] * 2]}),
    "import: no heading": workbook(lambda secret: {"Residents": [["Code", secret], ["X-1", secret]]}),
    "import: no record": workbook(
        lambda secret: {"Stays": [["Resident", "Shelter", "From"], [secret, secret, "2026-01-01"]]}
    ),
    "import: no workbook": no_workbook,
}

# --- addresses, methods, cookies --------------------------------------------------------------------------


def asked(address: str, role: str = "", method: str = "GET", **headers: str) -> Fault:
    def ask(client: Client, secret: str) -> HttpResponse:
        if role:
            entered(client, role)
        told = {name.replace("_", "-"): text.replace("SECRET", secret) for name, text in headers.items()}
        return client.generic(
            method.replace("SECRET", secret), address.replace("SECRET", secret), headers=told
        )

    return ask


ADDRESSES: dict[str, Fault] = {
    "address: nothing there": asked("/SECRET/", "auditor"),
    "address: no uuid": asked("/foster/children/SECRET/", "foster_officer"),
    "address: no form of a report": asked(f"/reports/{uuid.uuid4()}/download/SECRET/", "auditor"),
    "address: no figure": asked("/reports/records/2026/SECRET/", "auditor"),
    "address: another's photo": asked(f"/foster/mine/photos/{uuid.uuid4()}/SECRET/", "sponsor"),
    "address: not theirs": asked("/donations/register/?q=SECRET", "field_staff"),
    "address: very long": asked("/" + "SECRET/" * 400, "auditor"),
    "address: broken bytes": asked("/%ff%feSECRET/", "auditor"),
    "address: up and out": asked("/static/../../SECRET", "auditor"),
    "request: no such method": asked("/shelters/", "auditor", method="SECRET"),
    "request: another method": asked("/shelters/?q=SECRET", "auditor", method="DELETE"),
}


def forged_cookie(client: Client, secret: str) -> HttpResponse:
    client.cookies[settings.SESSION_COOKIE_NAME] = secret
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = secret
    return client.get(f"/{secret}/")


def another_token(_client: Client, secret: str) -> HttpResponse:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    return strict.post("/log-in/", {"login": secret, "csrfmiddlewaretoken": secret})


COOKIES: dict[str, Fault] = {
    "request: forged cookies": forged_cookie,
    "request: another token": another_token,
}

OF_PAGES: dict[str, Fault] = FORMS | FILES | IMPORTS | ADDRESSES | COOKIES
