"""What was told wrongly of an incident, in money and people: it stays to be read, and is corrected."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.quantities import Quantity
from shelters.models import Incident, IncidentPayment, IncidentPeople
from shelters.services.incidents import qualified, refuse_unless_writing
from shelters.services.rows import once, write_down
from supply.services import KeyAlreadyUsed, Refusal, WhyMissing, broken_rule


class PaymentIsTakenBack(Refusal):
    def __str__(self) -> str:
        return _("This payment has already been taken back.")


class NumberChangedMeanwhile(Refusal):
    about = "number"

    def __str__(self) -> str:
        return _(
            "Somebody else corrected it at the same moment. Look at what it says now, then send it again."
        )


class WhyCorrected(WhyMissing):
    about = "reason"

    def __str__(self) -> str:
        return _("Say why it was wrong, in a few words.")


@transaction.atomic
def take_back_incident_payment(
    *, by: User, payment: IncidentPayment, reason: str, key: UUID
) -> IncidentPayment:
    """Its mirror; the mistaken row stays and counts no more. The same form again is the first one.

    Raises PermissionDenied, PaymentIsTakenBack, WhyCorrected, KeyAlreadyUsed.
    """
    refuse_unless_writing(by, payment.incident)
    if not reason.strip():
        raise WhyCorrected
    if payment.corrects_id is not None:
        raise PaymentIsTakenBack
    same = ("incident", "currency", "payer", "paid_from", "value", "value_upper", "qualifier", "unit")
    content = {name: getattr(payment, name) for name in same}
    mirror = IncidentPayment(corrects=payment, reason=reason.strip()[:200], by=by, key=key, **content)
    try:
        booked = once(mirror, ("corrects_id", "by_id"))
    except KeyAlreadyUsed:
        if IncidentPayment.objects.filter(corrects=payment).exists():
            raise PaymentIsTakenBack from None
        raise
    if booked is mirror:
        write_down(by, "shelters.incident_payment_taken_back", mirror)
    return booked


@transaction.atomic
def correct_incident_people(
    *, by: User, incident: Incident, kind: str, number: Quantity, reason: str
) -> IncidentPeople:
    """So many of a kind were struck, in place of what was told. The same number again changes nothing.

    Raises PermissionDenied, NumberChangedMeanwhile; WhyCorrected where another number was told.
    """
    refuse_unless_writing(by, incident)
    told = IncidentPeople.objects.filter(incident=incident, kind=kind, corrected_by__isnull=True).first()
    if told is not None and told.quantity == number:
        return told
    if told is not None and not reason.strip():
        raise WhyCorrected
    row = IncidentPeople(
        incident=incident, kind=kind, corrects=told, by=by, reason=reason.strip()[:200] if told else "",
        **qualified(number),
    )  # fmt: skip
    row.clean_fields()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if broken_rule(error)[0] in (
            "incident_people_once_a_kind",
            "shelters_incidentpeople_corrects_id_key",
        ):
            raise NumberChangedMeanwhile from error
        raise
    write_down(by, "shelters.incident_people", row)
    return row
