"""Seeds of second factors, sealed for the person whose they are: pasted into the row of another person a seed
does not open (core.server_key; docs/adr/0011)."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import server_key

if TYPE_CHECKING:
    from accounts.models import User

PURPOSE = "lfnkr: seeds of second factors"


class SeedCannotBeOpened(Exception):
    """SECRET_KEY was changed without its fallback, or the seed was changed or is another person's."""

    def __str__(self) -> str:
        return _(
            "This second factor cannot be read any more. Ask the administrator to let you set up a new one."
        )


def seal(seed: str, person: "User") -> str:
    """ASCII text for a JSON column or a session."""
    return server_key.seal(seed, purpose=PURPOSE, bound_to=person.uuid.bytes)


def unseal(sealed: str, person: "User") -> str:
    """Raises SeedCannotBeOpened."""
    try:
        return server_key.unseal(sealed, purpose=PURPOSE, bound_to=person.uuid.bytes)
    except server_key.CannotOpen as error:
        raise SeedCannotBeOpened from error


def is_under_an_old_key(sealed: str, person: "User") -> bool:
    return server_key.is_under_an_old_key(sealed, purpose=PURPOSE, bound_to=person.uuid.bytes)
