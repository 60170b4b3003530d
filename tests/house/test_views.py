"""Every view names its right; what is open to everybody is a short list, kept here."""

import re

from accounts.checks import named_views
from accounts.gate import PUBLIC
from accounts.permissions import Right
from accounts.roles import MATRIX, ROLES
from core.lists import Table

OPEN = {
    "healthz", "account_login", "account_logout", "account_signup", "account_inactive",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "accounts:language", "accounts:panic", "nothing",
    "mfa_authenticate", "account_passkey",
    "account_ask_for_link", "account_link", "account_sample",
}  # fmt: skip


def test_every_view_names_its_right():
    gates = {name: getattr(pattern.callback, "gate", None) for name, pattern in named_views()}
    assert [name for name, gate in gates.items() if gate != PUBLIC and not isinstance(gate, Right)] == []
    assert {name for name, gate in gates.items() if gate == PUBLIC} == OPEN


def test_every_url_has_a_name_and_no_number_or_code_of_a_record_in_it():
    routes = {name: str(pattern.pattern) for name, pattern in named_views()}
    assert [route for name, route in routes.items() if name.endswith("None")] == []
    # A record is named by its UUID; else a fiscal year, a month, or the key of a figure or a form.
    named = {part for route in routes.values() for part in re.findall(r"<(\w+:\w+)>", route)}
    assert {part for part in named if part.split(":")[0] in ("int", "slug")} == set()
    assert {part for part in named if part.startswith("str:")} <= {"str:key", "str:form"}


def test_every_right_is_somebodys_and_asked_somewhere():
    held = {right for role in ROLES.values() for right in role.rights}
    assert set(Right) - held == set()


def test_nobody_meets_addresses_and_sponsors_in_one_role():
    """Nobody sees shelter places and sponsors, by the matrix of accounts/roles.py."""
    for role in ROLES:
        if role not in MATRIX["D1 shelter address, coordinates"]:
            continue
        sees_address = "V o" in MATRIX["D1 shelter address, coordinates"][role]
        sees_sponsors = "C" in MATRIX["D10 sponsor's identity, contact"][role]
        assert not (sees_address and sees_sponsors)
        held = ROLES[role].rights
        assert not ({Right.REVEAL_SHELTER_ADDRESS, Right.SPONSORS_READ} <= held)


def test_every_register_is_cards_on_a_phone():
    """A table that does not inherit `Table.Meta` loses the class by which the style sheet knows it."""
    named_views()  # imports what tables there are
    shown = [one for one in tables_below(Table) if one.base_columns]
    assert len(shown) > 30
    assert [one.__name__ for one in shown if "register" not in one._meta.attrs.get("class", "")] == []


def tables_below(kind):
    return [one for direct in kind.__subclasses__() for one in (direct, *tables_below(direct))]
