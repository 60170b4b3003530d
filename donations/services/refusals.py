from django.utils.translation import gettext as _


class DonationRefused(Exception):
    """Base of the refusals; the text is the sentence for the person at the form. `about`: its field."""

    about = ""


class KeyAlreadyUsed(DonationRefused):
    def __str__(self) -> str:
        return _(
            "This form was already booked with other content. Check the last entries before you book again."
        )
