import io

import pytest
from openpyxl import load_workbook

from accounts.models import User
from accounts.tables import PeopleFilters, PeopleTable
from core.files import harmless
from core.lists import BoundedPaginator, list_page


@pytest.mark.parametrize("cell", ["=1+1", "+81", "-5 bags", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(cell):
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["Rice", "a=b", -5, 1.5, None, ""])
def test_other_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


@pytest.fixture
def people(aya, hana, miki):
    hana.name = "=HYPERLINK(1)"
    hana.save()
    return aya


def test_csv_holds_exactly_what_is_filtered(people, as_user):
    text = as_user(people).get("/accounts/people/", {"role": "field_staff", "export": "csv"}).content
    lines = text.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("'=HYPERLINK(1)")


def test_xlsx_holds_exactly_what_is_filtered(people, as_user):
    client = as_user(people)
    found = client.post("/accounts/people/", {"q": "miki"}).url
    response = client.get(f"{found}&export=xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["Miki"]


def test_xlsx_of_a_heading_and_a_text_that_excel_does_not_allow(people, as_user, rf, hana):
    """A heading with a colon; a name pasted with a control character."""
    hana.name = "Ha\x0bna"
    hana.save()
    request = rf.get("/", {"export": "xlsx"})
    request.user, request.htmx = people, False
    response = list_page(
        request, heading="Sum: [JPY]", queryset=User.objects.all(), table=PeopleTable, filters=PeopleFilters
    )
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet.title.startswith("Sum")
    assert "Hana" in [row[0].value for row in sheet.iter_rows(min_row=2)]


def test_fragment_for_htmx_is_the_register_alone(people, as_user):
    whole = as_user(people).get("/accounts/people/").content
    part = as_user(people).get("/accounts/people/", headers={"hx-request": "true"}).content
    assert b"<html" in whole
    assert b"<html" not in part
    assert b"Miki" in part


def test_wrong_page_and_sort_are_answered(people, as_user):
    assert as_user(people).get("/accounts/people/", {"page": "999", "sort": "nothing"}).status_code == 200


def test_a_row_that_ended_between_its_key_and_itself_only_shortens_the_page(people, rf):
    """Read committed: each statement sees what others wrote before it."""
    request, everybody = rf.get("/"), User.objects.order_by("-pk")
    request.user = people
    table = PeopleTable(
        everybody, request=request, by_keys=lambda keys: list(User.objects.filter(pk__in=keys[1:]))
    )
    table.paginate(paginator_class=BoundedPaginator)
    assert [row.record for row in table.paginated_rows] == list(everybody)[1:]
    assert table.paginator.count == len(everybody)
