"""What a log-in could see of donors and donations (accounts.exposure)."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.exposure import Item, Kind, Sight, call, listed
from donations.models import Donation, Donor, Expense


def _donors(sight: Sight) -> list[Item]:
    return listed(Donor.objects.visible_to(sight.user))


def _donations(sight: Sight) -> list[Item]:
    return listed(Donation.objects.visible_to(sight.user))


def _expenses(sight: Sight) -> list[Item]:
    return listed(Expense.objects.visible_to(sight.user))


DONORS = Kind("donations.donor", _("donors"), _donors, call(RoleName.FINANCE_OFFICER))
DONATIONS = Kind("donations.donation", _("donations"), _donations)
EXPENSES = Kind("donations.expense", _("expenses"), _expenses)
