"""The guard around the matching: what it reads, what it keeps, what it lets go, and how mail waits for it."""

import base64
import gc
import json
import os
import weakref

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.services import settle_finding, tell_administrators
from core import leaks, outbox
from core.enums import Channel, FindingState, MessageState
from core.identity import Scope, acting_as, seeing
from core.leaks.collecting import build_index
from core.leaks.guard import Guard
from core.models import DataKey, LeakFinding, OutboxMessage
from core.sealed import CannotOpen, open_value, open_values
from core.tasks import send_outbox
from shelters.models import Resident, Shelter
from tests import factories as make


def outgoing(*texts, **more) -> leaks.Outgoing:
    pieces = [leaks.Piece(text, "text") for text in texts]
    return leaks.Outgoing(Channel.REPORT, pieces, "reports.annualreport", **more)


def held(text, **more) -> list[LeakFinding]:
    return leaks.check(by=None, outgoing=outgoing(text, **more)).held


def post(body, **more):
    outbox.post(
        key="news",
        kind="news",
        to_address="yuki@example.org",
        language="en",
        subject="News",
        body=body,
        **more,
    )
    return OutboxMessage.objects.get()


# --- what is read ----------------------------------------------------------------------------------------


def test_every_sealed_text_and_every_code_is_known(willow, momo, stocked):
    make.ResidentFactory(real_name="Han Yong-su", spellings="韓龍洙\nハン・ヨンス", code="X-777")
    make.RouteFactory(drop_points="behind the old mill 3", code="RN-77")
    make.RecipientFactory(real_name="House of the Hill", address="9 Far Road, Elsewhere", code="ORPHANAGE-77")
    Shelter.objects.filter(pk=willow.pk).update(region="border region")
    momo.real_name, momo.family = "Kim Son-hui", "uncle Pak Chol-su"
    momo.save()
    for text in (
        "Han Yong-su", "韓龍洙", "はんよんす", "X-777", "behind the old mill 3", "RN-77", "House of the Hill",
        "9 Far Road", "ORPHANAGE-77", "1 Hidden Lane", "WILLOW", "ST-WILLOW", "C-01", "Kim Son-hui",
        "Pak Chol-su",
    ):  # fmt: skip
        assert held(f"There was {text}."), text
    assert not held("In the border region there is rice, and nothing was LOST, USED or COUNTED.")


def test_reading_takes_one_query_a_table_and_one_for_the_keys(willow, momo):
    for _ in range(20):
        make.ResidentFactory()
    with CaptureQueriesContext(
        connection,
    ) as counted:
        build_index()
    assert sum("core_datakey" in query["sql"] for query in counted) == 1
    assert sum('FROM "shelters_resident"' in query["sql"] for query in counted) == 2  # names, codes


def test_many_values_open_in_two_queries(db, django_assert_num_queries):
    people = [make.ResidentFactory(real_name=f"Person {number}") for number in range(20)]
    make.ResidentFactory(real_name="")
    with django_assert_num_queries(2):
        opened = open_values(Resident.objects.all(), "real_name")
    assert opened == {person.uuid: f"Person {number}" for number, person in enumerate(people)}


def test_value_of_another_row_does_not_open_in_bulk_either(db):
    one, other = make.ResidentFactory(), make.ResidentFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE shelters_resident SET real_name = "
            "(SELECT real_name FROM shelters_resident WHERE id = %s) WHERE id = %s",
            [one.pk, other.pk],
        )
    with pytest.raises(CannotOpen):
        open_values(Resident.objects.all(), "real_name")


def test_who_acts_sees_no_more_afterwards(willow, kenji):
    """The guard reads everything for a finance officer, who sees no shelter before, between or after."""
    with acting_as(kenji):
        assert held("At Willow.")
        assert not Shelter.objects.exists()
        with seeing(Scope.GUARD):
            assert Shelter.objects.exists()
        assert not Shelter.objects.exists()


# --- when values cannot be opened --------------------------------------------------------------------------


def test_forgotten_person_is_left_out_and_holds_nothing_back(db):
    gone = make.ResidentFactory(real_name="Han Yong-su")
    make.ResidentFactory(real_name="Kim Son-hui")
    DataKey.objects.filter(owner=gone.uuid).delete()
    assert not held("Han Yong-su sings.")
    assert held("Kim Son-hui sings.")
    with pytest.raises(leaks.CannotCheck):
        held("She sings.", about=frozenset({gone.uuid}))


def test_without_any_key_nothing_can_be_checked(db):
    make.ResidentFactory()
    DataKey.objects.all().delete()
    with pytest.raises(leaks.CannotCheck, match="cannot be checked, and unchecked nothing leaves"):
        held("She sings.")


@pytest.fixture
def another_key(settings, tmp_path):
    path = tmp_path / "another.key"
    path.write_text(base64.b64encode(os.urandom(32)).decode())
    settings.SEALING_KEY_FILE = str(path)
    return path


def test_with_another_key_or_none_nothing_can_be_checked(request, db):
    make.ResidentFactory()
    path = request.getfixturevalue("another_key")
    with pytest.raises(leaks.CannotCheck):
        held("She sings.")
    path.unlink()
    with pytest.raises(leaks.CannotCheck):
        held("She sings.")


# --- how long values stay open -----------------------------------------------------------------------


def test_values_are_read_once_for_much_work_and_let_go_after_it(db):
    make.ResidentFactory(real_name="Kim Son-hui")
    with CaptureQueriesContext(connection) as counted, leaks.guarding() as guard:
        for number in range(5):
            leaks.look(by=None, outgoing=outgoing(f"A fine day {number}."))
        alive = weakref.ref(guard.index())
    gc.collect()
    assert sum("core_datakey" in query["sql"] for query in counted) == 1
    assert alive() is None


def test_work_that_goes_on_reads_what_was_written_meanwhile(db, monkeypatch):
    monkeypatch.setattr("core.leaks.guard.FRESH_SECONDS", 0)
    guard = Guard()
    before = len(guard.index())
    make.ResidentFactory()
    assert len(guard.index()) > before


@pytest.fixture
def route(db):
    return make.RouteFactory(drop_points="behind the old mill 3", code="RN-77")


# --- what is kept ------------------------------------------------------------------------------------


def test_finding_is_kept_once_and_its_passage_is_sealed_for_whom_it_gives_away(db):
    person = make.ResidentFactory(real_name="Kim Son-hui")
    for _ in range(2):
        [finding] = held("It snowed.\n\nThen Kim Son-hui sang.")
    assert LeakFinding.objects.get() == finding
    finding.refresh_from_db()
    assert (finding.paragraph, finding.subject_uuid, finding.field) == (2, person.uuid, "real_name")
    assert b"Kim Son-hui" in open_value(finding, "passage")
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_leakfinding::text FROM core_leakfinding")
        assert "Son-hui" not in cursor.fetchone()[0]
    DataKey.objects.filter(owner=person.uuid).delete()
    with pytest.raises(CannotOpen):
        open_value(LeakFinding.objects.get(), "passage")


def test_passage_shows_nothing_it_was_not_opened_for(willow, route):
    """Who may see a shelter's code reads in the words around it no name, no drop point and no other code."""
    make.ResidentFactory(real_name="Kim Son-hui", code="X-777")
    text = "Kim Son-hui (X-777) left Willow. Behind the old mill 3 it snows at Willow, and Kim Son-hui sang."
    opened = {
        finding.subject_type: json.loads(open_value(finding, "passage"))
        for finding in held(text)
        if finding.field in ("code", "real_name") and finding.subject_uuid != route.uuid
    }
    passages = [" | ".join(passage) for passage in opened["shelters.shelter"]]
    assert len(passages) == 2
    for passage in passages:
        for word in ("Kim", "Son-hui", "hui", "X-777", "777", "mill"):
            assert word not in passage, passage
        assert "…" in passage
    assert " left | Willow | . … it snows at Willow, and … " in passages[0].replace("  ", " ")


def test_passage_about_a_record_without_a_key_has_a_key_of_its_own(db):
    place = make.PlaceFactory(code="WH-77")
    keys = DataKey.objects.count()
    [finding] = held("It lies in WH-77.")
    assert (finding.subject_uuid, finding.sealed_for) == (place.uuid, finding.uuid)
    assert DataKey.objects.count() == keys + 1
    assert b"WH-77" in open_value(LeakFinding.objects.get(), "passage")


def test_another_text_another_value_or_another_way_out_is_another_finding(db):
    make.ResidentFactory(real_name="Kim Son-hui")
    held("Kim Son-hui sang.")
    held("Kim Son-hui sang!")
    make.ResidentFactory(real_name="Kim Son-hui")
    held("Kim Son-hui sang.")
    leaks.check(by=None, outgoing=leaks.Outgoing(Channel.EXPORT, [leaks.Piece("Kim Son-hui sang.")], "x"))
    assert LeakFinding.objects.count() == 5


def test_name_corrected_on_file_needs_settling_again(ren, db):
    person = make.ResidentFactory(real_name="Kim Son-hui")
    [finding] = held("Kim Son-hui sang.")
    leaks.settle(by=ren, finding=finding, state=FindingState.NO_LEAK, reason="somebody else")
    assert not held("Kim Son-hui sang.")
    person.real_name = "Kim Son-hui\nキム・ソンヒ"
    person.save()
    assert held("Kim Son-hui sang.")


# --- mail ------------------------------------------------------------------------------------------------


def test_mail_with_a_finding_is_held_back_and_goes_when_it_is_settled(willow, ren, settings):
    settings.EMAIL_URL = "smtp://there"
    message = post("It snows at Willow.")
    assert message.state == MessageState.HELD
    assert send_outbox() == 0
    settle_finding(by=ren, finding=LeakFinding.objects.get(), state=FindingState.NO_LEAK, reason="a tree")
    assert send_outbox() == 1
    assert [sent.body for sent in mail.outbox] == ["It snows at Willow."]


def test_mail_with_a_leak_in_it_never_goes_out(willow, ren, settings):
    settings.EMAIL_URL = "smtp://there"
    message = post("It snows at Willow.")
    settle_finding(by=ren, finding=LeakFinding.objects.get(), state=FindingState.TAKE_OUT, reason="the place")
    message.refresh_from_db()
    assert message.state == MessageState.WITHDRAWN
    assert send_outbox() == 0
    assert mail.outbox == []


def test_mail_with_two_findings_waits_for_both(willow, maple, ren):
    message = post("It snows at Willow and Maple.")
    first, second = LeakFinding.objects.all()
    settle_finding(by=ren, finding=first, state=FindingState.NO_LEAK, reason="a tree")
    message.refresh_from_db()
    assert message.state == MessageState.HELD
    settle_finding(by=ren, finding=second, state=FindingState.NO_LEAK, reason="a tree")
    message.refresh_from_db()
    assert message.state == MessageState.QUEUED


def test_mail_is_looked_through_again_when_it_is_sent(db, settings):
    settings.EMAIL_URL = "smtp://there"
    message = post("Han Yong-su writes.")
    assert message.state == MessageState.QUEUED
    make.ResidentFactory(real_name="Han Yong-su")
    send_outbox()
    message.refresh_from_db()
    assert (message.state, message.claimed_at) == (MessageState.HELD, None)
    assert mail.outbox == []


def test_words_of_a_template_are_no_leak_but_the_same_word_filled_in_is(db):
    make.ShelterFactory(code="MONTH")
    template = "Your contribution for the month: "
    assert post(template, fixed_text=template).state == MessageState.QUEUED
    OutboxMessage.objects.update(key="older")
    body = f"{template} Month"
    outbox.post(
        key="news",
        kind="news",
        to_address="y@example.org",
        language="en",
        subject="",
        body=body,
        fixed_text=template,
    )
    assert OutboxMessage.objects.get(key="news").state == MessageState.HELD


def test_mail_waits_while_it_cannot_be_checked(request, db, settings):
    settings.EMAIL_URL = "smtp://there"
    make.ResidentFactory()
    path = request.getfixturevalue("another_key")
    message = post("It snows.")
    assert send_outbox() == 0
    message.refresh_from_db()
    assert (message.state, message.trouble) == (MessageState.QUEUED, "The sealed values are locked.")
    assert mail.outbox == []
    assert path.exists()


def test_a_call_for_help_leaves_while_the_keys_are_away(request, aya, hana, settings):
    """Locked because somebody is at the door: then of all mails the alarm must go out."""
    settings.EMAIL_URL = "smtp://there"
    make.ResidentFactory()
    request.getfixturevalue("another_key")
    post("It snows.", fixed_text="It rains.")
    tell_administrators(by=hana, event="panic")
    assert send_outbox() == 1
    assert [message.to for message in mail.outbox] == [[aya.email]]


def test_link_for_a_log_in_is_looked_through_by_the_sender_alone(willow, settings):
    """Who asks for a new password must not learn from the time it takes whether the address is known."""
    settings.EMAIL_URL = "smtp://there"
    with CaptureQueriesContext(connection) as counted:
        outbox.post(
            key="a", kind="account", to_address="y@example.org", language="en", subject="Willow", body="…"
        )
    assert not any("core_datakey" in query["sql"] for query in counted)
    send_outbox()
    assert OutboxMessage.objects.get().state == MessageState.HELD


def test_reminders_of_many_read_the_values_once(db, willow):
    with CaptureQueriesContext(connection) as counted, leaks.guarding():
        for number in range(30):
            outbox.post(
                key=f"m-{number}", kind="reminder", to_address="y@example.org", language="en", subject="Due",
                body="Your payment number: S-01",
            )  # fmt: skip
    assert sum("core_datakey" in query["sql"] for query in counted) == 1
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {MessageState.QUEUED}
