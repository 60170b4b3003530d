"""What every register does on a phone: filters behind a button, a card a row, pages."""

import pytest
from django.utils.timezone import localtime

from accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def test_filters_are_folded_until_one_is_set(aya, as_user):
    folded = as_user(aya).post("/accounts/people/", {"q": "a"}, follow=True).content.decode()
    assert 'class="more collapse"' in folded
    assert 'aria-expanded="false"' in folded
    unfolded = as_user(aya).get("/accounts/people/", {"role": "auditor"}).content.decode()
    assert 'class="more collapse show"' in unfolded
    assert 'aria-expanded="true"' in unfolded


def test_a_filter_that_is_not_set_says_all(aya, otto, as_user):
    assert '<option value="" selected>all</option>' in as_user(aya).get("/accounts/people/").content.decode()
    activities = as_user(otto).get("/reports/activities/").content.decode()
    assert "Unknown" not in activities
    assert "---" not in activities


def test_each_cell_knows_the_name_of_its_column(aya, as_user):
    assert 'data-label="E-mail">aya' in as_user(aya).get("/accounts/people/").content.decode()


def test_an_empty_register_and_a_search_without_result_say_different_things(otto, as_user):
    assert "Nothing here yet." in as_user(otto).get("/supply/movements/").content.decode()
    page = as_user(otto).post("/supply/movements/", {"q": "zzz"}, follow=True)
    assert "Nothing matches." in page.content.decode()


def test_pages_lead_to_the_next_and_the_one_before(aya, as_user):
    for _number in range(60):
        factories.UserFactory()
    page = as_user(aya).get("/accounts/people/", {"page": 2, "sort": "name"}).content.decode()
    assert 'rel="prev" href="?page=1&amp;sort=name"' in page
    assert 'rel="next" href="?page=3&amp;sort=name"' in page
    assert 'aria-sort="ascending"' in page


def test_the_menu_marks_the_page_that_an_inner_page_belongs_to(aya, as_user):
    page = as_user(aya).get("/accounts/people/invite/").content.decode()
    assert '<a class="nav-link active"  href="/accounts/people/">' in page
    assert 'aria-current="page"' not in page


@pytest.mark.parametrize("address", ["/accounts/changes/", "/supply/movements/", "/shelters/incidents/"])
def test_a_day_is_chosen_in_every_register(otto, as_user, address):
    page = as_user(otto).get(address).content.decode()
    assert page.count('type="date"') == 2


def test_a_filter_that_nobody_sets_by_hand_is_kept_without_a_name(otto, as_user):
    page = as_user(otto).get("/accounts/changes/", {"record": str(otto.uuid)}).content.decode()
    assert f'<input type="hidden" name="record" value="{otto.uuid}"' in page
    assert ">Record</label>" not in page
    assert 'href="/accounts/changes/">All records</a>' in page  # and there is a way out of it


def test_what_is_so_has_a_mark_and_what_is_not_has_none(aya, as_user):
    factories.UserFactory(name="Gone", is_active=False)
    page = as_user(aya).get("/accounts/people/").content.decode()
    assert "✓" in page
    assert "✘" not in page


def test_a_file_has_the_time_where_the_reader_is(otto, as_user, rice):
    factories.MovementFactory(item=rice, quantity="5.900")
    row = as_user(otto).get("/supply/movements/", {"export": "csv"}).content.decode().splitlines()[1]
    assert f"{localtime():%Y-%m-%d %H:}" in row
    assert "+00:00" not in row
    assert ",5.9," in row


@pytest.mark.parametrize(
    ("address", "who", "make"),
    [
        ("/supply/places/", "sora", factories.PlaceFactory),
        ("/foster/children/", "miki", factories.ChildFactory),
        ("/foster/sponsors/", "miki", factories.SponsorFactory),
    ],
)
def test_a_register_with_counts_keeps_its_order(address, who, make, as_user, request):
    for code in ("Z-3", "Z-1", "Z-2"):
        make(code=code)
    page = as_user(request.getfixturevalue(who)).get(address).content.decode()
    assert page.index(">Z-1<") < page.index(">Z-2<") < page.index(">Z-3<")


@pytest.mark.parametrize("sort", ["role", "-role"])
def test_pages_of_rows_that_are_sorted_alike_repeat_none_and_leave_none_out(aya, as_user, sort):
    for number in range(120):
        factories.UserFactory(role=["field_staff", "auditor"][number % 2])
    client, seen = as_user(aya), []
    for page in range(1, 6):
        table = client.get("/accounts/people/", {"page": page, "sort": sort}).context["table"]
        seen += [row.record.pk for row in table.paginated_rows]
    assert len(seen) == len(set(seen)) == User.objects.count()


def test_rows_that_are_sorted_alike_stay_in_the_order_of_the_register(aya, as_user):
    for name in ("Zoe", "Ada", "Mio"):
        factories.UserFactory(name=name, role="auditor")
    table = as_user(aya).get("/accounts/people/", {"sort": "role"}).context["table"]
    names = [row.record.name for row in table.rows if row.record.role == "auditor"]
    assert names == sorted(names)
    assert len(names) >= 3
