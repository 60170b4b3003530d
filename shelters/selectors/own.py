from dataclasses import dataclass
from uuid import UUID

from accounts.asking import PreparedFor
from accounts.models import User
from shelters.models import Shelter


@dataclass(frozen=True)
class Own:
    """The shelters that a person may see now, each with its store. For one transaction, kept no longer."""

    by: User
    shelters: tuple[Shelter, ...]

    def one(self, uuid: UUID) -> Shelter | None:
        return next((shelter for shelter in self.shelters if shelter.uuid == uuid), None)

    def others(self, shelter: Shelter) -> list[Shelter]:
        return [other for other in self.shelters if other != shelter]


_OWN = PreparedFor(lambda person: Shelter.objects.visible_to(person).select_related("store"))


def own(user: User) -> Own:
    """One query, for the page as well as for the service that books there."""
    return Own(user, tuple(_OWN.rows(user)))
