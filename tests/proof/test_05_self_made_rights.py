"""Test 5, further: with SQL under one's own proven identity nobody becomes more than they are.

Each statement stands for a way that was found once: to take a right, a record, a colleague's name.
"""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts import services
from accounts.selectors import system_user
from core.identity import acting_as
from core.models import DataKey
from foster.models import ChildUpdate, UpdatePhoto
from tests import factories as f
from tests.proof.kept import is_done


def refused(by, *statements) -> bool:
    """The whole transaction, deferred constraints included."""
    try:
        with transaction.atomic(), acting_as(by), connection.cursor() as cursor:
            for statement, *values in statements:
                cursor.execute(statement, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            nothing_changed = cursor.rowcount == 0
    except DatabaseError:
        return True
    return nothing_changed


KEY = "UPDATE accounts_user SET id = %s WHERE id = %s"


def test_two_log_ins_do_not_swap_their_keys(yuki, miki):
    assert refused(yuki, (KEY, -1, miki.pk), (KEY, miki.pk, yuki.pk), (KEY, yuki.pk, -1))


@pytest.mark.parametrize("change", ["role = 'field_staff'", "role = 'foster_officer', name = 'x'"])
def test_an_administrator_gives_themselves_no_other_role(change, aya):
    assert refused(aya, (f"UPDATE accounts_user SET {change} WHERE id = %s", aya.pk))


def test_an_administrator_posts_others_not_themselves(aya, jin, willow):
    for person, is_refused in ((aya, True), (jin, False)):
        try:
            with transaction.atomic(), acting_as(aya):
                f.PostingFactory(user=person, shelter=willow)
        except DatabaseError:
            assert is_refused
        else:
            assert not is_refused


def test_an_administrator_sets_no_password_of_another(aya, hana):
    statement = "UPDATE accounts_user SET password = %s WHERE id = %s"
    assert refused(aya, (statement, hana.password + "x", hana.pk))
    with acting_as(aya), connection.cursor() as cursor:
        cursor.execute(statement, ["!unusable", hana.pk])
        assert cursor.rowcount == 1


@pytest.mark.parametrize("count", [2, 1000, 2147483647, -1])
def test_nobody_makes_a_log_in_impossible_to_end(count, hana, yuki, aya):
    for person in (hana, yuki):
        statement = "UPDATE accounts_user SET log_ins_ended = log_ins_ended + %s WHERE id = %s"
        assert refused(person, (statement, count, hana.pk))
    services.lock_down(by=aya, person=hana, reason="arrested")
    hana.refresh_from_db()
    assert not hana.is_active


@pytest.mark.parametrize("hours", [-1, 1])
def test_no_opening_is_dated_by_its_author(hours, hana, willow):
    with acting_as(hana):
        f.RevealEntryFactory(by=hana)  # control: dated by the database
    at = timezone.now() + timedelta(hours=hours)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), acting_as(hana):
        f.RevealEntryFactory(by=hana, at=at)


def test_no_second_person_is_named_who_did_not_agree(hana, ren, aya, willow):
    agreed = f.RevealRequestFactory(
        of=willow, asked_by=hana, state="agreed", decided_by=aya, decided_at=timezone.now()
    )
    with acting_as(hana):
        f.RevealEntryFactory(by=hana, request=agreed, second=aya)
    unanswered = f.RevealRequestFactory(of=willow, asked_by=hana, field="contact")
    for values in ({"second": ren}, {"second": ren, "request": unanswered}):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), acting_as(hana):
            f.RevealEntryFactory(by=hana, **values)


def test_no_resident_is_made_ones_own_by_a_stay(hana, willow, maple):
    stranger = f.ResidentFactory(real_name="Secret Name")
    f.StayFactory(resident=stranger, shelter=maple)
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(hana):
        f.StayFactory(resident=stranger, shelter=willow, nights=DateRange(date(1990, 1, 1), date(1990, 1, 2)))
    with acting_as(hana):
        assert not DataKey.objects.filter(owner=stranger.uuid).exists()


def test_nobody_takes_the_place_of_a_key_that_is_not_theirs_to_make(hana, willow, maple):
    """Who came first with a key of their own making would leave the rightful ones nothing that opens."""
    nameless = [f.StayFactory(shelter=one, resident__real_name=None).resident for one in (willow, maple)]
    here, there = nameless
    told, told_there = f.IncidentFactory(shelter=willow), f.IncidentFactory(shelter=maple)
    for record, is_own in ((here, True), (there, False), (told, True), (told_there, False)):
        assert not DataKey.objects.filter(owner=record.uuid).exists()
        key = {"subject": record.uuid, "owner": record.uuid, "kind": record._meta.label_lower}
        assert is_done(hana, lambda: f.DataKeyFactory(**key)) is is_own  # noqa: B023


PUBLISH = (
    "UPDATE foster_childupdate SET state = 'published', published_at = now(), cleared_by_id = %s "
    "WHERE id = %s"
)


@pytest.fixture
def in_review(momo, miki):
    return f.ChildUpdateFactory(child=momo, author=miki, state="review")


def test_nobody_publishes_in_a_colleagues_name(in_review, hana, miki, ren):
    for writer in (hana, miki, ren):
        for named in {miki, ren} - {writer}:
            assert refused(writer, (PUBLISH, named.pk, in_review.pk))
    assert refused(hana, (PUBLISH, hana.pk, in_review.pk))  # no foster officer
    assert not refused(ren, (PUBLISH, ren.pk, in_review.pk))  # the second person


def test_no_draft_is_published_without_its_review(momo, hana, miki, ren):
    draft = f.ChildUpdateFactory(child=momo, author=miki, state="draft")
    assert refused(ren, (PUBLISH, ren.pk, draft.pk))
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(ren):
        f.ChildUpdateFactory(child=momo, author=ren, published=True)


@pytest.mark.parametrize("change", ["text = 'we live in …'", "title = 'x'", "child_id = child_id + 1"])
def test_what_was_published_stays_as_it_was(change, momo, hana, miki, ren):
    published = f.ChildUpdateFactory(child=momo, author=miki, published=True)
    for writer in (hana, miki, ren):
        assert refused(writer, (f"UPDATE foster_childupdate SET {change} WHERE id = %s", published.pk))
    with acting_as(ren):
        ChildUpdate.objects.filter(pk=published.pk).update(state="withdrawn")
    assert refused(ren, (PUBLISH, ren.pk, published.pk))


def test_who_changes_a_text_is_its_author(in_review, ren):
    assert refused(ren, ("UPDATE foster_childupdate SET text = 'x' WHERE id = %s", in_review.pk))
    by_name = "UPDATE foster_childupdate SET text = 'x', author_id = %s WHERE id = %s"
    assert not refused(ren, (by_name, ren.pk, in_review.pk))


def test_no_photo_comes_to_or_leaves_what_was_published(momo, hana, miki):
    published = f.ChildUpdateFactory(child=momo, author=miki, published=True)
    draft = f.ChildUpdateFactory(child=momo, author=miki, state="draft")
    shown, waiting = f.UpdatePhotoFactory(update=published), f.UpdatePhotoFactory(update=draft)
    for writer in (hana, miki):
        move = "UPDATE foster_updatephoto SET update_id = %s WHERE id = %s"
        assert refused(writer, (move, published.pk, waiting.pk))
        assert refused(writer, ("DELETE FROM foster_updatephoto WHERE id = %s", shown.pk))
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as(writer):
            f.UpdatePhotoFactory(update=published)
    assert UpdatePhoto.objects.filter(update=published).count() == 1
    assert not refused(miki, ("DELETE FROM foster_updatephoto WHERE id = %s", waiting.pk))


def test_nobody_makes_a_link_for_another(yuki, hana, miki, taros_sponsor):
    values = (taros_sponsor.user_id, "0" * 64)
    made = (
        "INSERT INTO accounts_loginlink (user_id, digest, made_at, expires_at) "
        "VALUES (%s, %s, now(), now() + interval '1 day')"
    )
    for writer in (yuki, hana, miki):
        assert refused(writer, (made, *values))
    with acting_as(system_user()), connection.cursor() as cursor:  # control: the statement is right
        cursor.execute(made, values)
    assert refused(yuki, ("UPDATE accounts_loginlink SET user_id = %s", yuki.pk))


def test_nobody_gives_a_factor_to_another_or_makes_one_for_them(yuki, hana, aya):
    own = f.app_of(hana)
    given = "UPDATE mfa_authenticator SET user_id = %s WHERE id = %s"
    assert refused(hana, (given, aya.pk, own.pk))
    assert refused(yuki, ("UPDATE mfa_authenticator SET data = '{}' WHERE id = %s", own.pk))
    assert refused(yuki, ("DELETE FROM mfa_authenticator WHERE id = %s", own.pk))
    columns = "user_id, type, data, created_at"
    made = f"INSERT INTO mfa_authenticator ({columns}) VALUES (%s, 'recovery_codes', '{{}}', now())"
    assert refused(yuki, (made, hana.pk))
    assert not refused(hana, (made, hana.pk))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO django_migrations (app, name, applied) VALUES ('accounts', '0099_next', now())",
        "DELETE FROM django_migrations",
        "DELETE FROM auth_permission",
        "DELETE FROM django_content_type",
    ],
)
def test_the_tables_of_libraries_are_only_read(statement, yuki, aya):
    for writer in (yuki, aya):
        assert refused(writer, (statement,))
