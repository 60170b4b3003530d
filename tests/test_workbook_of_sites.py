"""The sites of a route by workbook: a file written before they moved speaks of the same sites still."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from openpyxl import load_workbook

from core.models import AuditEntry
from core.sealed import open_value
from core.workbook.exporting import export_workbook, write_workbook
from core.workbook.importing import import_workbook
from supply import services
from supply.models import RouteSite
from tests import factories as f

pytestmark = pytest.mark.django_db
PLACES = {"Heron": "under the third bridge", "Otter": "behind the mill", "Ford": "at the white stone"}


@pytest.fixture
def route():
    return f.RouteFactory(code="RN-01")


@pytest.fixture
def sites(route):
    return {
        name: f.RouteSiteFactory(route=route, position=position, name=name, whereabouts=place)
        for position, (name, place) in enumerate(PLACES.items(), 1)
    }


@pytest.fixture
def book(tmp_path, aya):
    export = tmp_path / "book.xlsx"

    def written():
        export_workbook(path=export, by=aya, replace=True)
        return export

    return written


@pytest.fixture
def bring_in(aya, today):
    return lambda path: import_workbook(path=path, by=aya, today=today)


def way(route):
    """The code names in their order; each must stand above its own sealed place still."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    found = list(route.sites.order_by("position"))
    for site in found:
        assert (open_value(site, "whereabouts") or b"").decode() == PLACES.get(site.name, "")
    return [site.name for site in found]


def test_file_from_before_the_sites_moved_puts_the_same_sites_back(route, sites, book, bring_in, sora):
    old = book()
    services.change_route_site(by=sora, site=sites["Ford"], kind="crossing", after=None)
    assert way(route) == ["Ford", "Heron", "Otter"]
    outcome = bring_in(old)
    assert outcome.is_clean
    assert way(route) == ["Heron", "Otter", "Ford"]
    moved = AuditEntry.objects.filter(action="supply.changed").values_list("changes", flat=True)
    assert sorted(str(change) for change in moved) == [
        "{'position': [1, 3]}", "{'position': [2, 1]}", "{'position': [3, 2]}",
    ]  # fmt: skip


def test_file_from_before_a_site_came_between_is_refused_and_pushes_none_off(
    route, sites, book, bring_in, sora, today
):
    old = book()
    services.add_route_site(
        by=sora, route=route, kind="crossing", name="Larch", after=None, since=today, today=today,
        key=uuid.uuid4(),
    )  # fmt: skip
    outcome = bring_in(old)
    taken = "Another site of the route stands at this position."
    assert [(problem.row, problem.column, problem.sentence) for problem in outcome.problems] == [
        (2, "Order", taken)
    ]
    assert way(route) == ["Larch", "Heron", "Otter", "Ford"]


def test_sites_change_places_by_file_and_a_position_named_twice_is_refused(route, sites, book, bring_in):
    path = book()
    workbook = load_workbook(path)
    page = workbook["Route sites"]
    order = next(cell.column for cell in page[1] if cell.value == "Order")
    page.cell(2, order).value, page.cell(3, order).value = 2, 1
    workbook.save(path)
    assert bring_in(path).is_clean
    assert way(route) == ["Otter", "Heron", "Ford"]
    page.cell(2, order).value = 3
    workbook.save(path)
    assert not bring_in(path).is_clean
    assert way(route) == ["Otter", "Heron", "Ford"]


def test_a_site_has_a_number_of_its_own_and_no_other_route_takes_it(route, tmp_path, bring_in):
    other = f.RouteFactory(code="RN-02")
    row = {"Number": "RN-S1", "Order": 1, "Kind": "crossing", "Code name": "Heron", "Since": "2020-01-01"}
    path = tmp_path / "book.xlsx"
    for written, said in (({}, "1 new"), ({}, "unchanged"), ({"Code name": "Otter"}, "1 changed")):
        write_workbook(path, {"Route sites": [row | {"Route": "RN-01"} | written]})
        assert bring_in(path).is_clean, said
    assert [site.name for site in RouteSite.objects.all()] == ["Otter"]
    write_workbook(path, {"Route sites": [row | {"Route": "RN-02"}]})
    [problem] = bring_in(path).problems
    assert problem.column == "Number"
    assert problem.sentence.startswith("Another site has this number.")
    assert not other.sites.exists()


def test_file_from_before_sites_had_numbers_is_refused_whole(route, sites, book, bring_in, sora):
    path = book()
    workbook = load_workbook(path)
    page = workbook["Route sites"]
    page.delete_cols(next(cell.column for cell in page[1] if cell.value == "Number"))
    workbook.save(path)
    services.change_route_site(by=sora, site=sites["Ford"], kind="crossing", after=None)
    [problem] = bring_in(path).problems
    assert (problem.sheet, problem.column) == ("Route sites", "Number")
    assert way(route) == ["Ford", "Heron", "Otter"]


@pytest.mark.parametrize("name", ["key", "route"])
def test_the_database_keeps_the_key_and_the_route_of_a_site(sites, name):
    value = {"key": uuid.uuid4(), "route": f.RouteFactory()}[name]
    with pytest.raises(IntegrityError, match="keeps its key"), transaction.atomic():
        RouteSite.objects.filter(name="Heron").update(**{name: value})
