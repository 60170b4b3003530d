"""Nobody writes before the first step of an evacuation: why may be said at its end."""

import uuid

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core.identity import acting_as
from core.models import AuditEntry
from shelters import services
from shelters.models import Evacuation
from tests import factories as f
from tests.shelters.test_evacuations import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(as_user, hana, willow):
    def post(name, *args, **values):
        return as_user(hana).post(reverse(f"shelters:{name}", args=args), values, follow=True)

    return post


@pytest.fixture
def begun(send, willow):
    answer = send("evacuate", willow.uuid, key=str(uuid.uuid4()), reason="")
    assert "1. Where each person goes" in text_of(answer)
    return Evacuation.objects.get()


def test_why_waits_until_all_are_out(send, begun, hana):
    answer = send("finish_evacuation", begun.uuid)
    assert answer.status_code == 422
    assert answer.context["form"].errors["reason"] == ["Say why."]
    for _time in range(2):
        page = send("finish_evacuation", begun.uuid, reason="police next door")
        assert "Finished." in text_of(page)
    assert "police next door" in text_of(page)
    begun.refresh_from_db()
    assert (begun.reason, begun.finished_by) == ("police next door", hana)
    assert AuditEntry.objects.get(action="shelters.evacuation_finished").reason == "police next door"


def test_what_is_typed_stays_while_somebody_is_still_there(send, begun, willow):
    f.StayFactory(shelter=willow)
    answer = send("finish_evacuation", begun.uuid, reason="police next door")
    assert "Not finished yet: 1 people" in text_of(answer)
    assert 'value="police next door"' in answer.content.decode()


def test_why_is_said_once(send, willow, hana):
    send("evacuate", willow.uuid, key=str(uuid.uuid4()), reason="a raid")
    begun = Evacuation.objects.get()
    send("finish_evacuation", begun.uuid, reason="another")
    begun.refresh_from_db()
    assert begun.reason == "a raid"


def test_the_database_keeps_why(begun, hana, today):
    def change(**values):
        Evacuation.objects.filter(pk=begun.pk).update(**values)

    finished = {"finished_at": timezone.now(), "finished_by": hana}
    for values in ({"reason": "x"}, finished):  # not without finishing it, nor the other way round
        with acting_as(hana), pytest.raises(DatabaseError), transaction.atomic():
            change(**values)
    with acting_as(hana), pytest.raises(services.WhyIsMissing):
        services.finish_evacuation(by=hana, evacuation=begun, today=today, now=timezone.now())
    with acting_as(hana):
        change(**finished | {"reason": "a raid"})
    with acting_as(hana), pytest.raises(DatabaseError), transaction.atomic():
        change(reason="another")
