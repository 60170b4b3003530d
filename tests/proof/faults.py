"""Ways to fail with a secret in hand: in a local, in what was posted, in the address, in a header.

`urlpatterns` serves the faults of a view; every fault is given the secret and raises, or is refused.
"""

import io
import json
import re
import smtplib
import subprocess
import uuid
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from unittest import mock
from urllib.parse import quote
from xml.etree import ElementTree

from celery import Celery
from celery.app.trace import trace_task
from celery.exceptions import Retry, SoftTimeLimitExceeded
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import (
    BadRequest,
    DisallowedRedirect,
    PermissionDenied,
    SuspiciousOperation,
    ValidationError,
)
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template import Context, Template
from django.template.loader import get_template
from django.test import Client, override_settings
from django.urls import path, reverse
from django.utils import timezone

from accounts.gate import public
from accounts.models import User
from core import outbox
from lfnkr.urls import handler400, handler500
from lfnkr.urls import urlpatterns as pages
from supply.models import Item
from tests import factories, sessions
from tests.proof.faults_of_pages import OF_PAGES

assert handler400
assert handler500


# --- in a view ---------------------------------------------------------------------------------------------


def ask(statement: str) -> Callable[[str], None]:
    def fault(secret: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [secret] * statement.count("%s"))

    return fault


def ask_in_clear(statement: str) -> Callable[[str], None]:
    """The secret as a name in the statement itself, as psycopg2 puts every value into it."""

    def fault(secret: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.replace("SECRET", secret))

    return fault


def the_same_item_twice(secret: str) -> None:
    for _time in range(2):
        Item.objects.create(code=secret, name=secret, kind="food", base_unit="kg")


def a_mail_in_an_impossible_state(secret: str) -> None:
    factories.OutboxMessageFactory(to_address=f"{secret}@example.org", subject=secret, state="sent")


def a_name_too_long(secret: str) -> None:
    User.objects.create(name=secret * 20, email="long@example.org")


def no_such_role(secret: str) -> None:
    User(name=secret, email=f"{secret} at example", role=secret).full_clean()


def template(text: str) -> Callable[[str], None]:
    def fault(secret: str) -> None:
        Template(text.replace("SECRET", secret)).render(
            Context({"secret": secret, "fail": lambda: int(secret)})
        )

    return fault


def caused_by_another(secret: str) -> None:
    try:
        int(secret)
    except ValueError as error:
        raise RuntimeError(f"could not use {secret}") from error


def several_at_once(secret: str) -> None:
    raise ExceptionGroup(secret, [ValueError(secret), KeyError(secret)])


def deeper_and_deeper(secret: str) -> None:
    deeper_and_deeper(secret)


class Talkative(Exception):
    def __init__(self, secret: str) -> None:
        super().__init__(secret)
        self.secret = secret
        self.add_note(secret)

    def __repr__(self) -> str:
        return f"Talkative({self.secret})"


def raising(error: Callable[[str], BaseException]) -> Callable[[str], None]:
    def fault(secret: str) -> None:
        raise error(secret)

    return fault


IN_A_VIEW: dict[str, Callable[[str], object]] = {
    "database: duplicate": the_same_item_twice,
    "database: check": a_mail_in_an_impossible_state,
    "database: too long": a_name_too_long,
    "database: no uuid": ask("SELECT %s::uuid"),
    "database: no date": ask("SELECT %s::date"),
    "database: no number": ask("SELECT %s::int"),
    "database: no json": ask("SELECT %s::jsonb"),
    "database: raised": ask("SELECT 1 / (length(%s) - length(%s))"),
    "database: no column": ask_in_clear('SELECT "SECRET" FROM accounts_user'),
    "database: no table": ask_in_clear('SELECT * FROM "SECRET"'),
    "database: no syntax": ask_in_clear("SELECT 'SECRET' 'x' FROM FROM"),
    "database: not null": ask("INSERT INTO core_outboxmessage (subject) VALUES (%s)"),
    "database: not allowed": ask("UPDATE core_auditentry SET by_name = %s"),
    "database: no boolean": ask("SELECT %s::boolean"),
    "database: no interval": ask("SELECT %s::interval"),
    "database: no range": ask("SELECT %s::daterange"),
    "database: no array": ask("SELECT %s::int[]"),
    "database: no hexadecimal": ask("SELECT decode(%s, 'hex')"),
    "database: no pattern": ask("SELECT 'x' ~ (%s || '(')"),
    "database: no time zone": ask("SELECT now() AT TIME ZONE %s"),
    "database: no setting": ask("SELECT current_setting(%s)"),
    "database: two rows": ask("SELECT (SELECT %s UNION ALL SELECT %s)"),
    "database: too large": ask("SELECT (length(%s) * 1e9)::numeric(3)"),
    "database: raised on purpose": ask("DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = %s, DETAIL = %s; END $$"),
    "database: too slow": ask("SET LOCAL statement_timeout = 5; SELECT pg_sleep(1), %s"),
    "database: a row policy": ask("INSERT INTO donations_donor (uuid, code) VALUES (gen_random_uuid(), %s)"),
    "database: no function": ask_in_clear("SELECT SECRET()"),
    "database: no role": ask_in_clear('SET ROLE "SECRET"'),
    "database: no collation": ask_in_clear("SELECT 'a' COLLATE \"SECRET\""),
    "model: nobody": lambda secret: User.objects.get(name=secret),
    "model: no field": lambda secret: User.objects.filter(**{secret: secret}),
    "model: no number": lambda secret: User.objects.get(pk=secret),
    "model: no date": lambda secret: User.objects.get(last_login=secret),
    "model: no uuid": lambda secret: User.objects.get(uuid=secret),
    "template: no tag": template("{% SECRET %}"),
    "template: fails": template("{{ secret.upper }} {{ fail }}"),
    "template: no address": template("{% url SECRET %}{% url 'foster:child' secret %}"),
    "template: missing": lambda secret: get_template(f"{secret}.html"),
    "code: no number": lambda secret: int(secret),
    "code: no key": lambda secret: {}[secret],
    "code: no json": lambda secret: json.loads(f"[{secret}"),
    "code: no encoding": lambda secret: (secret.encode() + b"\xff").decode(),
    "code: cause": caused_by_another,
    "code: group": several_at_once,
    "code: recursion": deeper_and_deeper,
    "code: talkative": raising(Talkative),
    "template: no filter": template("{{ secret|SECRET }}"),
    "template: no library": template("{% load SECRET %}"),
    "template: not closed": template("{% if SECRET %}"),
    "template: part missing": template("{% include secret %}"),
    "code: no decimal": lambda secret: Decimal(secret),
    "code: no day": lambda secret: date.fromisoformat(secret),
    "code: no uuid": lambda secret: uuid.UUID(secret),
    "code: no attribute": lambda secret: getattr(settings, secret),
    "code: no module": import_module,
    "code: no program": lambda secret: subprocess.run([f"/nowhere/{secret}"], check=True),
    "code: program fails": lambda secret: subprocess.run(["false", secret], check=True),
    "code: no pattern": lambda secret: re.compile(f"({secret}"),
    "code: no XML": lambda secret: ElementTree.fromstring(f"<a {secret}>"),
    "code: no archive": lambda secret: zipfile.ZipFile(io.BytesIO(secret.encode())),
    "code: no signature": lambda secret: signing.loads(f"{secret}:{secret}"),
    "code: no cached number": cache.incr,
    "code: file": lambda secret: Path(f"/nowhere/{secret}").read_text(),
    "form: invalid": raising(ValidationError),
    "form: model": no_such_role,
    "form: bad request": raising(BadRequest),
    "form: suspicious": raising(SuspiciousOperation),
    "form: redirect": raising(DisallowedRedirect),
    "form: not allowed": raising(PermissionDenied),
    "form: not there": raising(Http404),
    "mail: two lines": lambda secret: EmailMessage(f"{secret}\nBcc: x", "", to=[secret]).message(),
    "mail: refused": raising(lambda secret: smtplib.SMTPRecipientsRefused({secret: (550, secret.encode())})),
}


@public
def fail(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    typed = request.POST["name"]
    wrapped = {"name": typed, "again": [name]}
    IN_A_VIEW[kind](wrapped["name"])
    return HttpResponse(status=204)


urlpatterns = [path("fault/<str:kind>/<str:name>/", fail, name="fault"), *pages]


def in_a_view(kind: str) -> Callable[[Client, str], HttpResponse]:
    def ask_for_it(client: Client, secret: str) -> HttpResponse:
        address = f"/fault/{quote(kind, safe='')}/{secret}/?q={secret}"
        return client.post(address, {"name": secret, "password": secret}, headers=told_in_headers(secret))

    return ask_for_it


def told_in_headers(secret: str) -> dict[str, str]:
    return {
        "user-agent": secret,
        "referer": f"http://testserver/?q={secret}",
        "x-forwarded-for": secret,
        "x-request-id": secret,
        "cookie": f"{settings.SESSION_COOKIE_NAME}={secret}; other={secret}",
    }


# --- before a view -----------------------------------------------------------------------------------------


def broken_parts(client: Client, secret: str) -> HttpResponse:
    body = (
        f"--{secret}\r\nContent-Disposition: form-data; name={secret}; filename={secret}.jpg\r\n\r\n{secret}"
    )
    return client.generic("POST", "/log-in/", body, "multipart/form-data; boundary=")


def a_form_too_large(client: Client, secret: str) -> HttpResponse:
    return client.post("/log-in/", {"login": secret * (16 * 2**20 // len(secret))})


def too_many_fields(client: Client, secret: str) -> HttpResponse:
    return client.post("/log-in/", {f"{secret}{number}": "x" for number in range(1100)})


def no_photo(client: Client, secret: str) -> HttpResponse:
    """Refused at the field; the page that comes back shows neither the file nor its name."""
    update = factories.ChildUpdateFactory()
    sessions.enter(client, factories.UserFactory(role="foster_officer"))
    file = SimpleUploadedFile(f"{secret}.jpg", b"\xff\xd8" + secret.encode(), "image/jpeg")
    return client.post(reverse("foster:add_photo", args=[update.uuid]), {"key": uuid.uuid4(), "photo": file})


def foreign_host(client: Client, secret: str) -> HttpResponse:
    return client.get("/log-in/", headers={"host": f"{secret}.example"})


def foreign_origin(_client: Client, secret: str) -> HttpResponse:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return strict.post("/log-in/", {"login": secret}, headers={"origin": f"https://{secret}.example"})


def foreign_page(_client: Client, secret: str) -> HttpResponse:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    referer = {"referer": f"https://{secret}.example/?q={secret}"}
    return strict.post("/log-in/", {"login": secret}, headers=referer, secure=True)


def wrong_password(client: Client, secret: str) -> HttpResponse:
    client.post("/log-in/", {"login": f"{secret}@example.org", "password": secret})
    return client.get(f"/{secret}/")


BEFORE_A_VIEW = {
    "upload: broken parts": broken_parts,
    "upload: too large": a_form_too_large,
    "upload: too many fields": too_many_fields,
    "upload: no photo": no_photo,
    "request: foreign host": foreign_host,
    "request: foreign origin": foreign_origin,
    "request: foreign page": foreign_page,
    "request: wrong password": wrong_password,
}

# --- in a worker -------------------------------------------------------------------------------------------

worker = Celery("faults", set_as_current=False, task_ignore_result=True)


def in_a_task(fault: Callable[[str], object]) -> Callable[[Client, str], None]:
    """Carried out as a worker does it, with its log lines; the message holds the secret too."""

    def carry_out(_client: Client, secret: str) -> None:
        name = f"faults.{uuid.uuid4()}"

        @transaction.atomic
        def run(given: str) -> object:
            return fault(given)

        task = worker.task(run, name=name)
        request = {"id": name, "args": [secret], "kwargs": {}, "hostname": "here", "is_eager": False}
        trace_task(worker.tasks[task.name], name, [secret], {}, request, app=worker)

    return carry_out


def takes_nothing() -> None:
    """Called with the secret, it is a TypeError."""


def a_task_that_gives_it_back(secret: str) -> str:
    return secret


def a_mail_that_fails(error: Callable[[str], Exception]) -> Callable[[Client, str], None]:
    """The sender of mail meets it: the row of the mail keeps the kind of the trouble."""

    def deliver(_client: Client, secret: str) -> None:
        posted = factories.OutboxMessageFactory(kind=outbox.ACCOUNT_MAIL, state="claimed")
        refuse = raising(lambda _mail: error(secret))
        with override_settings(EMAIL_URL="smtp://mail"), mock.patch.object(EmailMessage, "send", refuse):
            outbox.deliver(posted, now=timezone.now())
        posted.refresh_from_db()
        assert posted.trouble == type(error(secret)).__name__

    return deliver


IN_A_WORKER = {
    "task: no number": in_a_task(int),
    "task: duplicate": in_a_task(the_same_item_twice),
    "task: talkative": in_a_task(raising(Talkative)),
    "task: cause": in_a_task(caused_by_another),
    "task: result": in_a_task(a_task_that_gives_it_back),
    "mail: recipients refused": a_mail_that_fails(
        lambda secret: smtplib.SMTPRecipientsRefused({secret: (550, secret.encode())})
    ),
    "mail: no log-in": a_mail_that_fails(
        lambda secret: smtplib.SMTPAuthenticationError(535, secret.encode())
    ),
    "mail: text refused": a_mail_that_fails(lambda secret: smtplib.SMTPDataError(554, secret.encode())),
    "mail: not greeted": a_mail_that_fails(lambda secret: smtplib.SMTPHeloError(501, secret.encode())),
    "mail: no way there": a_mail_that_fails(lambda secret: ConnectionRefusedError(111, secret)),
    "task: another argument": in_a_task(takes_nothing),
    "task: out of time": in_a_task(raising(SoftTimeLimitExceeded)),
    "task: tried again": in_a_task(raising(Retry)),
    "task: no JSON": in_a_task(ask("SELECT %s::jsonb")),
    "mail: sender refused": a_mail_that_fails(
        lambda secret: smtplib.SMTPSenderRefused(550, secret.encode(), secret)
    ),
}

FAULTS: dict[str, Callable[[Client, str], HttpResponse | None]] = (
    {kind: in_a_view(kind) for kind in IN_A_VIEW} | BEFORE_A_VIEW | IN_A_WORKER | OF_PAGES
)
