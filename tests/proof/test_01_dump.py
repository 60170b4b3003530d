"""Test 1: who takes the server, its disk or a backup finds none of what is sealed, in no encoding."""

import base64
import logging
import tempfile

import psycopg2
import pytest
from django.core.cache import cache
from django.db import connection
from psycopg2 import sql

from accounts.enums import RoleName
from core import outbox
from core.backup import servers
from core.backup.making import make_backup
from foster.models import UpdatePhoto
from tests import factories
from tests.backups import NOW
from tests.proof import scale
from tests.proof import secrets_planted as plant
from tests.proof.searching import Searched, spellings
from tests.proof.secrets_planted import Secrets
from tests.proof.seized import Site, at_work, site

SECRETS = scale.of(50, 19)
MAY_BE_EMPTY = {"temporary files"}  # as it should be


@pytest.fixture
def seized(transactional_db, settings, tmp_path, monkeypatch):
    """A server in use: what is done in the test is done there. The worker opens an address alone."""
    settings.REVEAL_NEEDS_TWO = False
    like = connection.settings_dict["NAME"]
    with site(like=like, folder=tmp_path) as running, at_work(running, settings, monkeypatch):
        yield running


def test_seized_server_shows_no_secret(seized, as_user, identity, tmp_path, tally):
    secrets, searched = Secrets(), Searched()
    rows = photos = max(SECRETS // 25, 1)
    miki = factories.UserFactory(name="Miki", role=RoleName.FOSTER_OFFICER)
    hana = factories.UserFactory(name="Hana", role=RoleName.FIELD_STAFF)
    plant.by_workbook(secrets, tmp_path / "of the user", rows=rows)
    plant.photos_by_web(secrets, as_user(miki), miki, photos)
    plant.into_what_is_left(secrets)
    plant.by_changing(secrets, max(SECRETS - len(secrets.given) - photos, 3))
    plant.by_statements_that_fail(secrets)
    plant.mail_that_there_is_news()
    assert secrets.word in plant.reveal_by_web(as_user(hana), hana)
    assert plant.filled_fields() == plant.sealed_fields()
    number = len(secrets.given) + UpdatePhoto.objects.count()
    assert number >= SECRETS
    make_backup(seized.backups, now=NOW)
    seized.write_everything_down()
    assert found_in(seized, secrets, searched) == set()
    assert {place for place, files in searched.places.items() if not files} <= MAY_BE_EMPTY
    assert seized.redis(0).llen("lfnkr") > 0  # the queue was used
    tally(
        f"test 1: {number} secrets in {len(plant.sealed_fields())} sealed columns, 8 encodings, "
        f"{sum(searched.places.values())} files and answers of {len(searched.places)} places, "
        f"{searched.size / 1e6:.0f} MB: 0 found"
    )


def found_in(seized: Site, secrets: Secrets, searched: Searched) -> set[str]:
    """The places in which one of these secrets is found."""
    needles = secrets.needles()
    return {
        hit for place, contents in seized.places().items() for hit in searched.look(place, contents, needles)
    }


def test_control_secrets_in_the_open_are_found_in_every_place(seized, as_user, hana, tally):
    """Two in a plain column of the database; and one in each other place, so that each is looked at."""
    secrets, searched = Secrets(), Searched()
    items = [factories.ItemFactory(code=f"ITEM-{number}", name=secrets.one()) for number in range(2)]
    session = as_user(hana).session
    session["draft"] = secrets.one()
    session.save()
    cache.set("draft", secrets.one())
    words = {"subject": "x", "body": secrets.one()}
    outbox.post(key="news", kind="news", to_address="y@example.org", language="en", **words)
    logging.getLogger("supply").warning(f"booked for {secrets.one()}")  # as a value it would be withheld
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(secrets.one())
    seized.backups.mkdir()
    (seized.backups / "dump.sql").write_text(secrets.one())
    fail_talkatively(seized, secrets.one())
    seized.write_everything_down()
    found = found_in(seized, secrets, searched)
    assert found == set(searched.places)
    dump = next(seized.places()["dump"])
    assert [item.name.encode() in dump for item in items] == [True, True]
    tally(f"test 1, control: 2 of 2 secrets in a plain column found, one in each of {len(found)} places")


def fail_talkatively(seized: Site, secret: str) -> None:
    """PostgreSQL as it is by default: it writes a failed statement down."""
    with seized.superuser() as superuser:
        servers.run(superuser, "SET log_min_messages = 'error'; SET log_min_error_statement = 'error'")
        with pytest.raises(psycopg2.Error, match="does not exist"):
            servers.run(superuser, sql.SQL("SELECT {} FROM nowhere").format(sql.Literal(secret)))


@pytest.mark.parametrize("encoding", sorted(spellings("any")))
def test_control_every_encoding_is_found(encoding):
    secrets = Secrets()
    for needle in spellings(secrets.word)[encoding]:
        content = b"?" + needle + b"?" * 40
        assert list(Searched().look("here", [content], secrets.needles())) != []


@pytest.mark.parametrize("before", range(6))
def test_control_base64_is_found_wherever_the_word_begins(before):
    """A message of the queue is base64 as a whole: the word begins at any of three phases."""
    secrets = Secrets()
    content = base64.b64encode(b"x" * before + secrets.one().encode() + b"y" * 9)
    assert list(Searched().look("here", [content], secrets.needles())) == ["here"]


def test_control_a_photo_kept_as_it_came_is_found():
    secrets = Secrets()
    picture = secrets.photo()
    secrets.hide(picture)
    for content in (picture, picture.hex().encode(), base64.b64encode(b"xy" + picture)):
        assert list(Searched().look("here", [content], secrets.pictures)) != []
