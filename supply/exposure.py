"""What a log-in could see of routes and recipients (accounts.exposure)."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.exposure import Item, Kind, Sight, call, listed
from accounts.permissions import Right
from supply.models import Recipient, Route


def _routes(sight: Sight) -> list[Item]:
    return listed(Route.objects.all()) if sight.user.may(Right.ROUTES_READ) else []


def _recipients(sight: Sight) -> list[Item]:
    """Everybody who reads stock sees them by code; who may open their names must have them warned."""
    if not sight.user.may(Right.STOCK_READ):
        return []
    return listed(Recipient.objects.all(), is_close=sight.user.may(Right.REVEAL_ROUTE))


ROUTES = Kind("supply.route", _("routes"), _routes, call(RoleName.SUPPLY_COORDINATOR))
RECIPIENTS = Kind("supply.recipient", _("recipients"), _recipients, call(RoleName.SUPPLY_COORDINATOR))
