"""The shape of the access table: one row a URL, every role answered; rows in tests/<app>/access.py."""

from collections.abc import Callable
from dataclasses import dataclass

# Who plays each role in the table (fixtures of tests/conftest.py).
PLAYERS = {
    "sponsor": "yuki",
    "field_staff": "hana",
    "supply_coordinator": "sora",
    "foster_officer": "miki",
    "finance_officer": "kenji",
    "administrator": "aya",
    "auditor": "otto",
}
EVERYBODY = frozenset(PLAYERS)
STAFF = EVERYBODY - {"sponsor"}


@dataclass(frozen=True)
class Row:
    """`roles`: who gets an answer (below 400, or 422); everyone else logged in gets 403.

    `address`: arguments of the URL of a record that the role may see, from a fixture getter:
        lambda get: {"uuid": get("willow").uuid}
    `foreign`: the same of somebody else's record; `not_theirs`: the roles that must get 404 for it, byte for
    byte as for a record that does not exist.
    `post`: the body to POST where the page only takes POST; None asks by GET.
    `is_public`: also for who is not logged in.
    """

    name: str
    roles: frozenset[str] | set[str]
    address: Callable[[Callable], dict] | None = None
    foreign: Callable[[Callable], dict] | None = None
    not_theirs: frozenset[str] | set[str] = frozenset()
    post: dict | None = None
    is_public: bool = False
