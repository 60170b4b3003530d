"""Test 5, of the table that every row policy believes: nobody makes anybody more than they are."""

import pytest
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from core.identity import Scope, acting_as
from core.models import DataKey
from core.sealed import Subject
from foster.models import Sponsor
from tests import factories as f

EVERYBODY = ("yuki", "hana", "sora", "miki", "kenji", "otto")


def refused(person, **change) -> bool:
    try:
        with acting_as(person):
            User.objects.filter(pk=change.pop("of", person).pk).update(**change)
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_gives_themselves_a_role_or_another_a_password(who, request, aya, jin):
    person = request.getfixturevalue(who)
    assert refused(person, role="administrator", password="!none")
    assert refused(person, email="me@example.org")
    assert refused(person, of=jin, password=make_password("seven lanterns"))
    User.objects.filter(pk=jin.pk).update(is_active=False)
    assert refused(person, of=jin, is_active=True)
    with pytest.raises(DatabaseError, match="given by an administrator"), acting_as(person):
        f.UserFactory(role="administrator")


def test_without_an_identity_no_log_in_changes(hana):
    for change in ("role = 'administrator'", "is_active = false", "password = ''"):
        with pytest.raises(DatabaseError), acting_as(None), connection.cursor() as cursor:
            cursor.execute(f"UPDATE accounts_user SET {change}")


def test_what_is_ones_own_and_what_is_the_administrators_goes_on(hana, aya, sora):
    """Control: they are not refused for being wrong."""
    assert not refused(hana, language="ja")
    assert not refused(hana, password=make_password("seven lanterns"))
    assert not refused(aya, of=hana, role="auditor")
    assert not refused(sora, of=hana, is_active=False)  # any of the staff locks down
    assert not refused(aya, of=hana, is_active=True)


def test_a_sponsor_does_not_become_another_donor(momos_sponsor, yuki):
    stranger = f.DonorFactory(name="Secret Giver")
    with pytest.raises(DatabaseError, match="kept by the office"), acting_as(yuki):
        Sponsor.objects.update(donor=stranger)
    with acting_as(yuki):
        assert Sponsor.objects.update(no_reminders_since="2026-01-01") == 1


@pytest.mark.parametrize(("who", "may"), [("yuki", False), ("otto", False), ("kenji", False), ("hana", True)])
def test_nobody_plants_a_key_for_what_they_do_not_write(who, may, willow, request):
    subject = Subject(willow.uuid, "shelters.shelter")
    DataKey.objects.filter(subject=subject.key_name).delete()
    key = {"owner": subject.owner, "kind": subject.key_kind, "wrapped": b"no key"}
    try:
        with acting_as(request.getfixturevalue(who)):
            DataKey.objects.bulk_create([DataKey(subject=subject.key_name, **key)])
    except DatabaseError:
        assert not may
    else:
        assert may


@pytest.mark.parametrize("who", ["otto", "hana"])
def test_digest_functions_answer_the_system_alone(who, request, willow):
    statements = (
        "SELECT core_digest_of(ARRAY['shelters_posting'], NULL, '{}', repeat('0', 64))",
        "SELECT core_take_digest(ARRAY['foster_child'])",
        "SELECT core_broken_digests()",
    )
    for statement in statements:
        person = request.getfixturevalue(who)
        with pytest.raises(DatabaseError), acting_as(person), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_widest_sight_still_writes_no_log_in(otto, hana):
    for scope in Scope:
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as(otto, scope=scope):
            User.objects.filter(pk=otto.pk).update(role="administrator")
