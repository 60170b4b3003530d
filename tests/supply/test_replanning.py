"""A planned consignment gets other lines; a packed one keeps them; too much planned is said."""

from decimal import Decimal

import pytest
from django.urls import reverse

from core.models import AuditEntry
from supply import selectors, services
from tests import factories as f
from tests.supply.test_consignment_pages import lines
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


def address(consignment):
    return reverse("supply:change_lines", args=[consignment.uuid])


def told(consignment):
    return [(line.item.code, line.planned, line.destination) for line in selectors.lines_of(consignment)]


def test_amount_place_and_number_of_lines_are_changed_on_the_page(client, plan, page, rice, db):
    tea = f.ItemFactory(code="TEA", name="Tea", base_unit="kg")
    first, second, third = (f.RecipientFactory().place for _place in range(3))
    made = plan(75, 25, destinations=(first, second))
    shown = client.get(address(made)).content.decode()
    assert 'value="75 kg"' in shown
    data = lines((rice, "2 bags", first), (None, "", None), (tea, "3", third), total=6)
    data["lines-INITIAL_FORMS"] = 2
    for _time in range(2):  # sent twice: the same
        assert client.post(address(made), data).url == reverse("supply:consignment", args=[made.uuid])
    assert told(made) == [("RICE", 50, first), ("TEA", 3, third)]
    assert second.code not in page(made)
    (entry,) = AuditEntry.objects.filter(action="consignment.changed")
    before, after = entry.changes["lines"]
    assert before == f"RICE 75 → {first.code}, RICE 25 → {second.code}"
    assert after == f"RICE 50 → {first.code}, TEA 3 → {third.code}"


def test_what_the_page_writes_into_its_fields_can_be_sent_as_it_stands(client, plan, rice):
    made = plan(1250)
    (line,) = made.lines.all()
    shown = client.get(address(made)).content.decode()
    assert 'value="1250 kg"' in shown
    data = lines((rice, "1250 kg", line.destination))
    data["lines-INITIAL_FORMS"] = 1
    assert client.post(address(made), data).status_code == 302
    assert told(made) == [("RICE", 1250, line.destination)]


def test_line_taken_out_is_not_packed_sent_or_counted(client, plan, pack, step, warehouse, rice, sora):
    f.receive(warehouse, rice, 100)
    made = plan(75, 25)
    kept = services.Wanted(rice, made.lines.first().destination, Decimal(75))
    services.change_lines(by=sora, consignment=made, lines=[kept])
    (line,) = selectors.lines_of(made)
    step(services.pack_consignment, made, packed={line: services.Packed(Decimal(75))})
    step(services.send_consignment, made)
    assert selectors.held(warehouse, rice) == 25
    found = selectors.consignments(sora).get(pk=made.pk)
    assert (found.lines_count, found.to) == (1, 1)


def test_packed_one_keeps_its_lines_with_a_sentence(client, plan, pack, warehouse, rice, sora):
    f.receive(warehouse, rice, 100)
    made = plan(75)
    pack(made)
    before = told(made)
    data = lines((rice, "10", before[0][2]))
    answer = client.post(address(made), data)
    assert answer.status_code == 422
    assert "its lines stay as they are" in text_of(answer)
    with pytest.raises(services.LinesArePacked):
        services.change_lines(
            by=sora, consignment=made, lines=[services.Wanted(rice, before[0][2], Decimal(10))]
        )
    assert told(made) == before


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("many", "Write the amount of Rice as"),
        ("-1", "Write a number above zero."),
        ("0", "Write a number above zero."),
        ("", "Say how much."),
    ],
)
def test_bad_line_is_a_sentence_and_nothing_changes(client, plan, rice, amount, sentence):
    made = plan(75)
    before = told(made)
    assert sentence not in text_of(client.get(address(made)))
    answer = client.post(address(made), lines((rice, amount, before[0][2])))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert told(made) == before


def test_no_line_at_all_is_refused(client, plan):
    made = plan(75)
    answer = client.post(address(made), lines())
    assert answer.status_code == 422
    assert "Plan at least one line" in text_of(answer)


def test_more_planned_than_there_is_is_said_on_both_pages(plan, pack, page, warehouse, rice):
    f.receive(warehouse, rice, 100)
    first = plan(60)
    assert "are planned or packed to leave" not in page(first)
    pack(first)
    second = plan(50)
    for one in (first, second):
        assert "Rice: 110 kg are planned or packed to leave DEPOT, and 100 kg lie there." in page(one)
