"""Questions whose SQL is written once: the same answers as if it were written each time."""

import gc
import weakref
from functools import partial

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, CharField, DateField, F
from django.utils.functional import lazy

from accounts.asking import PreparedFor
from core.identity import acting_as
from core.markup import escaped, joined
from core.prepared import Asked, OneOf, Prepared
from shelters.models import HeadCount, Shelter
from supply.models import Item, Pack
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def bag(rice) -> Pack:
    return rice.packs.get()


@pytest.fixture
def packs() -> Prepared[Pack]:
    asked = Pack.objects.filter(item=Asked("item", BigIntegerField())).select_related("item")
    return Prepared(lambda: asked.annotate(twice=F("quantity") * 2).prefetch_related("item__packs"))


@pytest.fixture
def by_code() -> Prepared[Item]:
    return Prepared(lambda: Item.objects.filter(code=Asked("code", CharField())))


def test_each_question_has_its_own_answer(packs, rice, bag):
    oil = factories.ItemFactory(code="OIL")
    (found,) = packs.rows(item=rice.pk)
    assert (found, found.item, found.twice, list(found.item.packs.all())) == (bag, rice, 50, [bag])
    assert packs.rows(item=oil.pk) == []
    tin = factories.PackFactory(item=oil, name="tin", quantity=18)
    assert packs.rows(item=oil.pk) == [tin]
    assert packs.rows(item=rice.pk) == [bag]


def test_queryset_is_built_once(rice):
    built = []

    def build():
        built.append(1)
        return Item.objects.filter(code=Asked("code", CharField()))

    prepared = Prepared(build)
    assert [prepared.rows(code=code) for code in ("RICE", "RICE", "NONE")] == [[rice], [rice], []]
    assert built == [1]


@pytest.mark.parametrize("hostile", ["' OR true --", "%s", "%(code)s", '"'])
def test_value_never_becomes_part_of_the_statement(by_code, rice, hostile):
    assert by_code.rows(code=hostile) == []


def test_value_that_was_not_told_is_an_error(packs):
    with pytest.raises(KeyError, match="item"):
        packs.rows(place=1)


def test_column_among_as_many_values_as_there_are(willow, maple, today):
    here, there = (factories.HeadCountFactory(shelter=shelter) for shelter in (willow, maple))
    among = OneOf("shelter", Asked("shelters", ArrayField(BigIntegerField())))
    day = Asked("day", DateField())
    prepared = Prepared(lambda: HeadCount.objects.filter(among, counted_on=day).order_by("pk"))
    assert prepared.rows(shelters=[willow.pk], day=today) == [here]
    assert prepared.rows(shelters=[willow.pk, maple.pk], day=today) == [here, there]
    assert prepared.rows(shelters=[], day=today) == []


@pytest.mark.django_db(transaction=True)
def test_threads_ask_by_their_own_connections(packs, rice, bag):
    """Written in this one, asked in four others, while none of these may use another's connection."""
    assert packs.rows(item=rice.pk) == [bag]
    assert at_once(*[partial(packs.rows, item=rice.pk)] * 4) == [[bag]] * 4


def test_markup_put_together_by_hand_escapes_what_is_none():
    inner = joined([f"<b>{escaped('<i>')}</b>"])
    assert escaped(inner) == inner == "<b>&lt;i&gt;</b>"
    assert escaped("\"&'") == "&quot;&amp;&#x27;"
    assert escaped(5) == "5"
    assert escaped(lazy(lambda: inner, str)()) == inner


def test_question_without_any_answer_is_no_statement(rice, django_assert_num_queries):
    nothing = Prepared(lambda: Item.objects.none().filter(code=Asked("code", CharField())))
    with django_assert_num_queries(0):
        assert nothing.rows(code="RICE") == []


OWN = PreparedFor(lambda person: Shelter.objects.visible_to(person).order_by("code"))


@pytest.mark.parametrize("who", ["hana", "jin", "sora", "aya", "miki", "kenji"])
def test_door_shows_each_person_what_is_theirs(who, request, willow, maple, hana, jin):
    """Prepared by the first of a role, asked by others of it."""
    person = request.getfixturevalue(who)
    for one in (person, jin, hana, person):
        with acting_as(one):
            assert OWN.rows(one) == list(Shelter.objects.visible_to(one).order_by("code"))


def test_door_is_shut_for_who_left(willow, hana):
    with acting_as(hana):
        assert OWN.rows(hana) == [willow]
        hana.is_active = False
        assert OWN.rows(hana) == []


@pytest.mark.django_db(transaction=True)
def test_connection_of_the_thread_that_asked_first_is_not_kept(packs, rice):
    kept = []

    def ask() -> None:
        packs.rows(item=rice.pk)
        kept.append(weakref.ref(connection.connection))

    at_once(ask)
    gc.collect()
    assert [reference() for reference in kept] == [None]


def test_it_is_read_by_the_server_once_in_a_connection(rice):
    asked = Asked("code", CharField())
    mine = Prepared(lambda: Item.objects.filter(code=asked, name__lt="Z, of this test alone"))

    def prepared() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements")
            return cursor.fetchone()[0]

    before = prepared()
    assert [mine.rows(code=code) for code in ("RICE", "NONE", "RICE")] == [[rice], [], [rice]]
    assert prepared() == before + 1
    (elsewhere,) = at_once(lambda: (mine.rows(code="NONE"), prepared()))
    assert elsewhere == ([], 1)


def test_a_connection_that_was_lost_is_asked_anew(by_code, transactional_db):
    assert by_code.rows(code="NONE") == []
    connection.close()
    assert by_code.rows(code="NONE") == []
