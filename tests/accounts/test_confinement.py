"""Staff without a second factor reach the enrolment, their language and the log-out, and nothing else."""

import pytest

from accounts.entry.devices import ENROLMENT
from tests.access import PLAYERS
from tests.test_access import ROWS, ask

STAFF = {role: player for role, player in PLAYERS.items() if role != "sponsor"}


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_every_url_leads_the_unenrolled_to_the_enrolment(row, request, as_user):
    kwargs = row.address(request.getfixturevalue) if row.address else {}
    role = next(iter(sorted(row.roles - {"sponsor"})), "administrator")
    client = as_user(request.getfixturevalue(PLAYERS[role]), enrolled=False)
    response = ask(client, row, kwargs)
    if row.name in ENROLMENT:
        assert response.status_code in (200, 302, 503)
        assert response.status_code != 302 or response.url in ("/", "/log-in/", "/not-found/")
    else:
        assert response.status_code == 302
        assert response.url == "/accounts/factors/"


@pytest.mark.parametrize("player", STAFF.values(), ids=STAFF)
@pytest.mark.parametrize("address", ["/", "/accounts/me/"])
def test_every_role_of_staff_is_held(player, address, request, as_user):
    client = as_user(request.getfixturevalue(player), enrolled=False)
    assert client.get(address).url == "/accounts/factors/"
    assert client.post(address).url == "/accounts/factors/"


def test_a_fragment_is_led_there_as_a_whole_page(as_user, aya):
    response = as_user(aya, enrolled=False).get("/accounts/people/", headers={"hx-request": "true"})
    assert response.headers["HX-Redirect"] == "/accounts/factors/"


def test_a_missing_page_stays_missing(as_user, aya):
    assert as_user(aya, enrolled=False).get("/nowhere/").status_code == 404


def test_the_menu_offers_nothing_that_is_closed(as_user, aya):
    page = as_user(aya, enrolled=False).get("/accounts/factors/").content.decode()
    assert "/accounts/people/" not in page


def test_a_sponsor_needs_no_second_factor(as_user, yuki):
    assert as_user(yuki).get("/accounts/me/").status_code == 200
