from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.door import opening_page, opens
from accounts.enums import RequestKind
from accounts.forms import EmergencyForm
from accounts.permissions import Right
from accounts.services import break_glass as break_glass_door
from shelters.models import Resident, Shelter, Stay


@opens(Right.REVEAL_SHELTER_ADDRESS, Shelter)
def reveal_address(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return opening_page(request, Shelter, uuid, heading=_("Open the address"), back=_page_of)


@opens(Right.BREAK_GLASS, Shelter, kind=RequestKind.BREAK_GLASS)
def break_glass(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return opening_page(
        request,
        Shelter,
        uuid,
        heading=_("Emergency"),
        back=_page_of,
        door=break_glass_door,
        form_class=EmergencyForm,
        template="accounts/break_glass.html",
    )


@opens(Right.REVEAL_RESIDENT_IDENTITY, Resident)
def reveal_resident(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return opening_page(
        request,
        Resident,
        uuid,
        heading=_("Open the real name"),
        back=lambda resident: reverse("shelters:start"),
    )


@opens(Right.REVEAL_RESIDENT_IDENTITY, Stay)
def reveal_stay(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return opening_page(
        request,
        Stay,
        uuid,
        heading=_("Open the note"),
        back=lambda stay: reverse("shelters:resident", args=[stay.resident.uuid]),
    )


def _page_of(shelter: Shelter) -> str:
    return reverse("shelters:stock", args=[shelter.uuid])
