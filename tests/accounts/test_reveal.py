"""The one door: whose it is, what for, how many within the hour, who is told, and the row of each attempt."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import services
from accounts.enums import Outcome
from accounts.models import RevealEntry
from core.models import AuditEntry, DataKey, LeakFinding, OutboxMessage
from tests import factories
from tests.openings import attempt

pytestmark = pytest.mark.usefixtures("one_is_enough")


def rows() -> list[tuple]:
    kept = ("by__name", "subject_label", "field", "outcome")
    return list(RevealEntry.objects.order_by("id").values_list(*kept))


# --- whose it is ---------------------------------------------------------------------------------------


def test_it_opens_and_writes_down_who_and_what_for(hana, willow):
    answer = attempt(hana, willow, purpose=" taking a sick child home ")
    assert (answer.outcome, answer.value) == (Outcome.OPENED, "1 Hidden Lane, Nowhere")
    assert rows() == [("Hana", "WILLOW", "address", "opened")]
    assert RevealEntry.objects.get().purpose == "taking a sick child home"


def test_an_answer_does_not_print_its_value(hana, willow):
    assert "Hidden" not in repr(attempt(hana, willow)) + str(attempt(hana, willow))


@pytest.mark.parametrize("who", ["jin", "sora", "aya", "miki", "otto", "yuki", "kenji"])
def test_nobody_else_opens_an_address_and_the_attempt_stays(who, request, willow):
    answer = attempt(request.getfixturevalue(who), willow)
    assert (answer.outcome, answer.value) == (Outcome.REFUSED_RIGHT, None)
    assert rows() == [(who.capitalize(), "WILLOW", "address", "refused_right")]


def test_a_person_elsewhere_is_not_theirs(hana, jin, willow, maple):
    stay = factories.StayFactory(shelter=maple, resident__note="comes from the north")
    assert attempt(hana, stay.resident, "real_name").outcome == Outcome.REFUSED_RIGHT
    assert attempt(jin, stay.resident, "real_name").value.startswith("Secret Person")
    assert attempt(jin, stay.resident, "note").value == "comes from the north"


def test_a_child_at_ones_shelter_is_opened_alone_and_one_elsewhere_never(hana, momo, taro):
    assert attempt(hana, momo, "real_name").value
    assert attempt(hana, taro, "real_name").outcome == Outcome.REFUSED_RIGHT


def test_a_route_is_its_coordinators(sora, hana, otto, db):
    route = factories.RouteFactory(drop_points="the third bridge", couriers="a man with a red hat")
    assert attempt(sora, route, "drop_points").value == "the third bridge"
    assert attempt(sora, route, "couriers").value == "a man with a red hat"
    for other in (hana, otto):
        assert attempt(other, route, "couriers").value is None


def test_a_recipient_is_opened_by_who_serves_it(sora, otto, db):
    recipient = factories.RecipientFactory(real_name="House of the river", address="Behind the mill")
    assert attempt(sora, recipient, "real_name").value == "House of the river"
    assert attempt(otto, recipient, "address").value is None


@pytest.mark.parametrize("field", ["code", "store", "nothing"])
def test_what_is_not_sealed_is_not_opened(field, hana, willow):
    assert attempt(hana, willow, field).outcome == Outcome.REFUSED_RIGHT


def test_a_closed_log_in_opens_nothing(hana, willow):
    hana.is_active = False
    assert attempt(hana, willow).outcome == Outcome.REFUSED_RIGHT


def test_without_a_purpose_nothing_happens(hana, willow):
    with pytest.raises(services.PurposeMissing, match="what you need this for"):
        attempt(hana, willow, purpose="  ")
    assert rows() == []


def test_nothing_written_down_is_an_opening_too(hana, willow):
    assert attempt(hana, willow, "contact").value == ""
    assert rows() == [("Hana", "WILLOW", "contact", "opened")]


def test_a_missing_key_is_a_sentence_and_a_row(hana, willow):
    DataKey.objects.all().delete()
    answer = attempt(hana, willow)
    assert answer.outcome == Outcome.CANNOT_OPEN
    assert "cannot be opened" in answer.sentence
    assert rows() == [("Hana", "WILLOW", "address", "cannot_open")]


# --- how many within the hour --------------------------------------------------------------------------


def test_the_sixth_within_an_hour_is_refused_and_written_down(hana, willow):
    fields = ("address", "map_point", "contact", "address", "address")
    assert all(attempt(hana, willow, field).outcome == Outcome.OPENED for field in fields)
    answer = attempt(hana, willow)
    assert (answer.outcome, answer.value) == (Outcome.REFUSED_QUOTA, None)
    assert "5 values within an hour" in answer.sentence
    assert [row[3] for row in rows()] == ["opened"] * 5 + ["refused_quota"]


def test_the_hour_passes(hana, willow):
    for _turn in range(5):
        attempt(hana, willow)
    later = timezone.now() + timedelta(minutes=59)
    assert attempt(hana, willow, now=later).outcome == Outcome.REFUSED_QUOTA
    assert attempt(hana, willow, now=later + timedelta(minutes=2)).outcome == Outcome.OPENED


def test_a_clock_that_goes_back_an_hour_gives_no_second_five(hana, willow):
    for _turn in range(5):
        attempt(hana, willow)
    back = timezone.now() - timedelta(hours=1)
    assert attempt(hana, willow, now=back).outcome == Outcome.REFUSED_QUOTA


def test_refusals_do_not_count_and_people_are_counted_apart(hana, nari, willow, maple):
    for _turn in range(6):
        attempt(hana, maple)
        attempt(nari, willow)
    assert attempt(hana, willow).outcome == Outcome.OPENED


def test_how_many_is_a_setting(hana, willow, settings):
    settings.REVEALS_AN_HOUR = 1
    assert attempt(hana, willow).outcome == Outcome.OPENED
    assert attempt(hana, willow).outcome == Outcome.REFUSED_QUOTA


# --- who is told ---------------------------------------------------------------------------------------


def test_the_third_within_an_hour_rings_once_at_every_administrator_and_auditor(hana, willow, aya, bo, otto):
    for _turn in range(2):
        attempt(hana, willow)
    assert not OutboxMessage.objects.exists()
    for _turn in range(3):
        attempt(hana, willow)
    mails = OutboxMessage.objects.filter(kind="alarm")
    assert {mail.to_address for mail in mails} == {aya.email, bo.email, otto.email}
    assert mails.count() == 3
    raised = RevealEntry.objects.order_by("id").values_list("raised_alarm", flat=True)
    assert list(raised) == [False, False, True, False, False]


def test_it_rings_again_in_another_hour(hana, willow, otto):
    for _turn in range(3):
        attempt(hana, willow)
    later = timezone.now() + timedelta(minutes=61)
    RevealEntry.objects.bulk_create(
        RevealEntry(
            by=hana, subject_type="shelters.shelter", subject_uuid=willow.uuid, field="address",
            purpose="later", at=later,
        )
        for _turn in range(2)
    )  # fmt: skip
    attempt(hana, willow, now=later)
    assert OutboxMessage.objects.filter(kind="alarm").count() == 2


def test_the_mail_names_no_person_no_place_and_no_record(hana, willow, otto):
    for _turn in range(3):
        attempt(hana, willow, purpose="a doctor comes")
    mail = OutboxMessage.objects.get(kind="alarm")
    text = f"{mail.subject} {mail.body} {mail.key}"
    assert "log of openings" in mail.subject
    for told in ("Hana", "WILLOW", "Hidden", "address", "doctor", str(willow.uuid), str(hana.uuid)):
        assert told not in text


@pytest.mark.parametrize("code", ["OPENINGS", "COLLEAGUE", "PERSON"])
def test_no_word_of_a_template_holds_an_alarm_back(hana, willow, otto, nari, settings, code):
    """A shelter may have an ordinary word as its code; who is called for it must not learn it too late."""
    factories.ShelterFactory(code=code)
    for _turn in range(3):
        attempt(hana, willow)
    settings.REVEAL_NEEDS_TWO = True
    attempt(hana, willow, field="contact")
    mails = OutboxMessage.objects.filter(kind__in=("alarm", "second_person"))
    assert set(mails.values_list("kind", "state")) == {("alarm", "queued"), ("second_person", "queued")}
    assert not LeakFinding.objects.exists()


# --- the setting ---------------------------------------------------------------------------------------


def test_switching_the_second_person_off_and_on_is_written_down_by_the_system(hana, willow, settings):
    for _turn in range(2):
        attempt(hana, willow)
    settings.REVEAL_NEEDS_TWO = True
    for _turn in range(2):
        attempt(hana, willow)
    told = AuditEntry.objects.filter(action__startswith="accounts.second_person").order_by("id")
    assert [(entry.by_name, entry.action) for entry in told] == [
        ("System", "accounts.second_person_off"), ("System", "accounts.second_person_on"),
    ]  # fmt: skip
