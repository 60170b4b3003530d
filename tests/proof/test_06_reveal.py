"""Test 6: each opening of a sealed value has its row in the log, or did not happen; no row holds a value."""

import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Outcome
from accounts.models import RevealEntry, RevealRequest
from accounts.openings import opened_within_an_hour
from core import sealed
from core.identity import acting_as
from tests import database, factories
from tests.openings import agree, asked, attempt
from tests.proof import scale
from tests.races import at_once
from tests.sessions import held_in

pytestmark = pytest.mark.django_db(transaction=True)

OPENINGS = scale.of(1000, 30)
FEWER = scale.of(100, 10)  # where the count itself promises nothing
RACES = scale.of(100, 3)
TEAMS = 5  # field workers, each with a shelter, a resident and a child
FAILS_AT_COMMIT, FAILS_AT_ONCE = "planted: fails at the commit", "planted: no row can be written"
PLANTED = """
CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'planted'; END $$;
CREATE CONSTRAINT TRIGGER planted_late AFTER INSERT ON accounts_revealentry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.purpose = '{late}') EXECUTE FUNCTION planted();
CREATE TRIGGER planted_now BEFORE INSERT ON accounts_revealentry
  FOR EACH ROW WHEN (NEW.purpose = '{now}') EXECUTE FUNCTION planted();
"""


@dataclass
class Desk:
    """Who opens what, at which address; `value` is known to nobody but the test."""

    by: Any
    address: str
    column: str
    value: str


@dataclass
class Seen:
    """What came of many requests."""

    delivered: int = 0
    failed: int = 0
    leaked: list[str] = field(default_factory=list)


@contextmanager
def as_owner() -> Iterator[Any]:
    name = connection.settings_dict["NAME"]
    with closing(database.owner_connection(name)) as owner, owner.cursor() as cursor:
        yield cursor


@pytest.fixture
def faults(db):
    """Two faults in the database, each for the attempts of one purpose."""
    with as_owner() as cursor:
        cursor.execute(PLANTED.format(late=FAILS_AT_COMMIT, now=FAILS_AT_ONCE))
    yield
    with as_owner() as cursor:
        cursor.execute("DROP FUNCTION planted() CASCADE")


@pytest.fixture
def desks(faults, settings) -> list[Desk]:
    """Fifteen values behind three pages; one person may open them all within the hour."""
    settings.REVEALS_AN_HOUR, settings.REVEAL_NEEDS_TWO = OPENINGS, False
    made = []
    for number in range(TEAMS):
        person, value = factories.UserFactory(), f"Value{number} of nobody else"
        shelter = factories.ShelterFactory(address=f"{value}: address")
        factories.PostingFactory(user=person, shelter=shelter)
        resident = factories.ResidentFactory(real_name=f"{value}: resident")
        factories.StayFactory(resident=resident, shelter=shelter)
        child = factories.ChildFactory(shelter=shelter, family=f"{value}: family")
        for record, page, column in (
            (shelter, "shelters:reveal_address", "address"),
            (resident, "shelters:reveal_resident", "real_name"),
            (child, "foster:reveal_child", "family"),
        ):
            kind = {"real_name": "resident"}.get(column, column)
            made.append(Desk(person, reverse(page, args=[record.uuid]), column, f"{value}: {kind}"))
    return made


@pytest.fixture
def unsealed(monkeypatch) -> list[None]:
    """Grows by one whenever a value is decrypted, by whomever; but the leak guard, which tells nobody."""
    counted: list[None] = []
    decrypt = sealed._open

    def counting(*args: bytes) -> bytes:
        callers = {frame.frame.f_globals["__name__"] for frame in inspect.stack(context=0)}
        if not any(name.startswith("core.leaks") for name in callers):
            counted.append(None)
        return decrypt(*args)

    monkeypatch.setattr(sealed, "_open", counting)
    return counted


def opened() -> int:
    return RevealEntry.objects.filter(outcome=Outcome.OPENED).count()


def ask_all(desks: list[Desk], as_user: Callable, turns: int, purpose: Callable[[int], str]) -> Seen:
    """Each desk in turn, as a browser does; a failed request is a 500 to whoever asked."""
    clients = {desk.by.pk: as_user(desk.by, raise_request_exception=False) for desk in desks}
    seen = Seen()
    for turn in range(turns):
        desk = desks[turn % len(desks)]
        body = {"field": desk.column, "purpose": purpose(turn)}
        response = clients[desk.by.pk].post(desk.address, body)
        text = response.content.decode()
        if response.status_code == 200:
            seen.delivered += desk.value in text
        else:
            seen.failed += response.status_code == 500
        others = [other.value for other in desks if other is not desk or response.status_code != 200]
        seen.leaked += [value for value in others if value in text]
    return seen


# --- one row each, no value anywhere -------------------------------------------------------------------


def test_each_opening_has_its_row_and_a_rolled_back_one_was_never_delivered(
    desks, as_user, unsealed, capfd, caplog, tally
):
    seen = ask_all(desks, as_user, OPENINGS, lambda turn: FAILS_AT_COMMIT if turn % 10 == 9 else "a visit")
    rolled_back = OPENINGS // 10
    assert (seen.delivered, seen.failed) == (OPENINGS - rolled_back, rolled_back)
    assert opened() == seen.delivered
    assert len(unsealed) == seen.delivered + seen.failed
    assert seen.leaked == []
    logged = "".join(capfd.readouterr()) + caplog.text
    kept = logged + all_that_is_stored()
    found = [desk.value for desk in desks if desk.value in kept]
    assert found == []
    assert "shelters" in logged
    tally(
        f"test 06: {OPENINGS} openings, {rolled_back} rolled back, {opened()} rows, {len(found)} values in "
        "logs, trail, mails, sessions or any other table"
    )


def all_that_is_stored() -> str:
    """Every row of every table as text, sessions decoded."""
    from django.contrib.sessions.models import Session

    with as_owner() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        stored = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            stored += [row[0] for row in cursor.fetchall()]
    return "\n".join([*stored, *(str(held_in(session)) for session in Session.objects.all())])


def test_what_is_stored_is_really_looked_through(desks):
    """The control: a value in a plain column is found."""
    factories.RevealEntryFactory(purpose=desks[0].value)
    assert desks[0].value in all_that_is_stored()


def test_where_no_row_can_be_written_nothing_is_even_decrypted(desks, as_user, unsealed, tally):
    seen = ask_all(desks, as_user, FEWER, lambda turn: FAILS_AT_ONCE)
    assert (seen.delivered, seen.failed, seen.leaked) == (0, FEWER, [])
    assert len(unsealed) == opened() == 0
    tally(f"test 06: {FEWER} times no row could be written, {len(unsealed)} values decrypted")


def test_a_planted_opening_beside_the_door_breaks_the_count(desks, as_user, unsealed, willow):
    """The control: one value opened without the door, and rows and openings differ."""
    ask_all(desks, as_user, FEWER, lambda turn: "a visit")
    assert len(unsealed) == opened()
    sealed.open_value(willow, "address")
    assert len(unsealed) == opened() + 1


# --- the limit -----------------------------------------------------------------------------------------


def test_the_sixth_within_an_hour_is_refused_every_time(desks, as_user, settings, unsealed, tally):
    settings.REVEALS_AN_HOUR = 5
    clients = {desk.by.pk: as_user(desk.by) for desk in desks}
    for turn in range(OPENINGS):
        desk = desks[turn % len(desks)]
        response = clients[desk.by.pk].post(desk.address, {"field": desk.column, "purpose": "a visit"})
        assert (desk.value in response.content.decode()) == (response.status_code == 200)
    refused = RevealEntry.objects.filter(outcome=Outcome.REFUSED_QUOTA).count()
    assert opened() == len(unsealed) == 5 * TEAMS
    assert refused == OPENINGS - 5 * TEAMS
    tally(f"test 06: {OPENINGS} attempts of {TEAMS} people in an hour, {opened()} opened, {refused} refused")


def test_at_once_nobody_gets_a_sixth(settings, unsealed, tally):
    settings.REVEAL_NEEDS_TWO = False
    for _race in range(RACES):
        worker = factories.PostingFactory()
        at_once(*[lambda: attempt(worker.user, worker.shelter)] * 8)  # noqa: B023 (all end within the turn)
        assert opened_within_an_hour(worker.user, timezone.now()).count() == 5
    assert len(unsealed) == opened() == 5 * RACES
    tally(f"test 06: {RACES} races of 8 at once, {opened()} opened, {3 * RACES} refused")


def test_without_the_lock_a_sixth_gets_through(hana):
    """The control: counted and inserted as the door does, but nobody waits for the other."""
    factories.RevealEntryFactory.create_batch(4, by=hana)
    both_counted = threading.Barrier(2)

    def unguarded() -> None:
        with transaction.atomic():
            assert opened_within_an_hour(hana, timezone.now()).count() < 5
            both_counted.wait(timeout=30)
            factories.RevealEntryFactory(by=hana)

    assert at_once(unguarded, unguarded) == [None, None]
    assert opened_within_an_hour(hana, timezone.now()).count() == 6


# --- the second person ---------------------------------------------------------------------------------


def test_an_agreement_of_another_opens_once_however_many_ask(settings, aya, unsealed, tally):
    settings.REVEALS_AN_HOUR = 8
    for _race in range(RACES):
        worker = factories.PostingFactory()
        agree(aya, asked(worker.user, worker.shelter))
        at_once(*[lambda: attempt(worker.user, worker.shelter)] * 4)  # noqa: B023 (all end within the turn)
    assert len(unsealed) == opened() == RACES
    assert RevealRequest.objects.filter(state="used").count() == RACES
    tally(f"test 06: {RACES} agreements used by 4 at once, {opened()} opened")


def test_the_first_is_never_the_second(hana, willow):
    request = asked(hana, willow)
    with pytest.raises(PermissionDenied):
        agree(hana, request)
    forged = {"state": "agreed", "decided_by": hana, "decided_at": timezone.now()}
    with pytest.raises(IntegrityError, match="reveal_request_second_is_another"):
        RevealRequest.objects.filter(pk=request.pk).update(**forged)
    with pytest.raises(IntegrityError, match="reveal_second_is_another"):
        factories.RevealEntryFactory(by=hana, second=hana)
    assert attempt(hana, willow).outcome == Outcome.ASKED


def test_nobody_answers_for_another_even_by_sql(hana, jin, aya, willow, tally):
    """What an attacker could do who runs SQL as Hana: the database knows for whom it acts."""
    waiting, now = asked(hana, willow), timezone.now()
    done = factories.RevealRequestFactory(
        of=willow, asked_by=hana, field="contact", state="used", decided_by=aya, decided_at=now, used_at=now
    )
    answer = {"state": "agreed", "decided_by": aya, "decided_at": now}
    forgeries = [
        (hana, waiting, answer),  # in the second person's name
        (hana, waiting, {"field": "contact"}),
        (
            hana,
            waiting,
            {"state": "used", "used_at": now} | {k: answer[k] for k in ("decided_by", "decided_at")},
        ),
        (hana, done, {"state": "agreed", "used_at": None}),  # used once more
        (aya, waiting, answer | {"purpose": "another one"}),
        (aya, waiting, answer | {"asked_by": jin}),
    ]
    for who, request, values in forgeries:
        with pytest.raises(DatabaseError), acting_as(who):
            RevealRequest.objects.filter(pk=request.pk).update(**values)
    with acting_as(jin):  # a stranger sees none
        assert RevealRequest.objects.filter(pk=waiting.pk).update(**answer | {"decided_by": jin}) == 0
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(hana):
        factories.RevealRequestFactory(of=willow, asked_by=hana, **answer)
    with acting_as(aya):  # the control: her own answer passes
        assert RevealRequest.objects.filter(pk=waiting.pk).update(**answer) == 1
    tally(f"test 06: {len(forgeries) + 2} forged answers refused by the database, 1 genuine taken")
