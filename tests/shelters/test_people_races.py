"""Two phones at one moment: one person, one roof, one evacuation."""

import uuid
from datetime import timedelta
from functools import partial
from threading import Event

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from core.identity import acting_as
from core.models import AuditEntry
from shelters import selectors as people
from shelters import services
from shelters.models import Evacuation, EvacuationPerson, Resident, ShelterStatus, Stay
from supply import selectors
from supply.models import Movement
from tests import factories as f
from tests.races import at_once, until_they_wait
from tests.shelters.test_evacuations import taken

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def posts(as_user, hana, willow):
    """Ten devices of Hana's log-in send these forms at once; the status codes of the answers."""
    known = as_user(hana)

    def post(address, body):
        device = Client()
        device.cookies = known.cookies
        return device.post(address, body).status_code

    return lambda *sent: at_once(*[partial(post, address, body) for address, body in sent])


def address(name, *args):
    return reverse(f"shelters:{name}", args=args)


@pytest.fixture
def form(today):
    return lambda **values: {"key": str(uuid.uuid4()), "day": today.isoformat()} | values


def test_one_form_of_somebody_new_sent_ten_times_is_one_person(posts, form, willow):
    sent = (address("arrive", willow.uuid), form(needs="no stairs", real_name="Kim Sun"))
    assert set(posts(*[sent] * 10)) == {302}
    assert Resident.objects.count() == Stay.objects.count() == 1


def test_two_colleagues_take_one_person_in_once(posts, form, hana, willow, today):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    gone = f.StayFactory(shelter=willow, nights=DateRange(today.replace(year=2021, day=1), today))
    code = gone.resident.code
    for _round in range(3):
        posts(*[(address("come_back", shelter.uuid), form(code=code)) for shelter in (willow, oak) * 3])
        assert Stay.objects.on(today).count() == 1


def test_nobody_slips_in_while_a_shelter_is_reported(posts, form, willow):
    """Either the arrival was first, or it is refused."""
    danger = {"state": "exposed", "reason": "seen", "key": str(uuid.uuid4())}
    sent = [(address("arrive", willow.uuid), form(needs=f"{number}")) for number in range(5)]
    answers = posts(*sent, (address("report_danger", willow.uuid), danger))
    assert set(answers) <= {302, 422}
    assert answers[-1] == 302
    assert ShelterStatus.objects.get().state == "exposed"
    assert Stay.objects.count() == answers[:-1].count(302)
    assert posts((address("arrive", willow.uuid), form())) == [422]


def test_an_evacuation_is_one_however_many_begin_it(posts, willow):
    sent = [(address("evacuate", willow.uuid), {"reason": "x", "key": str(uuid.uuid4())}) for _ in range(6)]
    assert set(posts(*sent)) == {302}
    assert Evacuation.objects.count() == 1


def test_two_colleagues_at_one_step_do_it_once(posts, form, stocked, rice, today):
    stay = f.StayFactory(shelter=stocked)
    begun = f.EvacuationFactory(shelter=stocked)
    step = address("send_on", begun.uuid, stay.uuid)
    answers = posts(*[(step, form(outcome=outcome)) for outcome in ("arrested", "unknown") * 3])
    assert set(answers) <= {302, 422}
    stay.refresh_from_db()
    assert EvacuationPerson.objects.get().outcome == stay.outcome

    line = selectors.stock_of(stocked.store).get()
    keys = [str(uuid.uuid4())] * 3 + [str(uuid.uuid4())] * 3
    bodies = [taken(line, "taken") | {"key": key} for key in keys]
    answers = posts(*[(address("settle_stock", begun.uuid), body) for body in bodies])
    assert set(answers) <= {302, 422}
    assert Movement.objects.filter(source=stocked.store).count() == 1
    assert selectors.held(stocked.store, rice) == 0
    assert selectors.check_ledger() == []


@pytest.mark.parametrize("attempt", range(3))
def test_the_store_is_written_off_while_somebody_logs(posts, form, stocked, rice, today, attempt):
    """Whoever comes second reads that there is not so much any more; nothing goes below nothing."""
    begun = f.EvacuationFactory(shelter=stocked)
    line = selectors.stock_of(stocked.store).get()
    use = {
        "kind": "used", "line": str(rice.uuid), "number": "30", "unit": str(rice.uuid), "note": "",
        "receipt_reason": "delivered", "loss_reason": "spoiled", "occurred_on": today.isoformat(),
        "key": str(uuid.uuid4()),
    }  # fmt: skip
    answers = posts(
        (address("settle_stock", begun.uuid), taken(line, "taken") | {"key": str(uuid.uuid4())}),
        (address("log", stocked.uuid), use),
    )
    assert sorted(answers) in ([302, 302], [302, 422])
    left = selectors.held(stocked.store, rice)
    assert (left, *answers) in ((0, 302, 422), (70, 422, 302), (0, 302, 302))
    assert selectors.check_ledger() == []


def test_an_evacuation_finished_ten_times_is_finished_once(posts, willow):
    begun = f.EvacuationFactory(shelter=willow)
    assert set(posts(*[(address("finish_evacuation", begun.uuid), {})] * 10)) == {302}
    begun.refresh_from_db()
    assert begun.finished_at is not None
    assert AuditEntry.objects.filter(action="shelters.evacuation_finished").count() == 1


def test_ten_who_come_at_once_where_people_are_counted_are_ten_more(posts, form, willow, today):
    f.HeadCountFactory(shelter=willow, people=10)
    expected = [
        f.StayFactory(shelter=willow, is_planned=True, nights=DateRange(today, None)) for _ in range(10)
    ]
    assert set(posts(*[(address("came", stay.uuid), form()) for stay in expected])) == {302}
    assert people.heads_on(willow, today) == 20


def test_a_count_beside_an_arrival_under_way_knows_who_came(hana, willow, today):
    """Eleven with who comes: counted before they are written down, the count would hold for nobody."""
    f.HeadCountFactory(shelter=willow, people=10)
    stay = f.StayFactory(shelter=willow, is_planned=True, nights=DateRange(today, None))
    has_come = Event()

    def come():
        with acting_as(hana), transaction.atomic():
            services.come(by=hana, stay=stay, day=today, today=today)
            has_come.set()
            assert until_they_wait(1)

    def count():
        assert has_come.wait(timeout=10)
        with acting_as(hana):
            return services.count_heads(by=hana, shelter=willow, people=11, today=today, key=uuid.uuid4())

    came, counted = at_once(come, count)
    assert came is None
    assert (counted.people, counted.others) == (11, 10)
    assert people.heads_on(willow, today) == 11


def test_one_answer_for_several_and_one_for_one_of_them_never_wait_for_each_other(posts, form, willow, today):
    begun = f.EvacuationFactory(shelter=willow)
    for _round in range(3):
        nights = DateRange(today - timedelta(days=3), None)
        stays = [f.StayFactory(shelter=willow, nights=nights) for _number in range(4)]
        several = form(outcome="unknown", people=[str(stay.uuid) for stay in stays])
        alone = [(address("send_on", begun.uuid, stay.uuid), form(outcome="unknown")) for stay in stays[1:]]
        answers = posts((address("send_several_on", begun.uuid), several), *alone)
        assert set(answers) <= {302, 404, 422}  # a deadlock would be 500


def test_leaving_for_a_shelter_and_being_taken_in_there_never_wait_for_each_other(
    posts, form, hana, willow, today
):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    for _round in range(5):
        stay = f.StayFactory(shelter=willow, nights=DateRange(today - timedelta(days=3), None))
        goes = form(outcome="moved", to=str(oak.uuid), note="tired")
        answers = posts(
            (address("leave", stay.uuid), goes),
            (address("come_back", oak.uuid), form(code=stay.resident.code)),
        )
        assert set(answers) <= {302, 422}
        assert Stay.objects.on(today).get(resident=stay.resident).shelter == oak
