from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(TextChoices):
    PAYPAL = "paypal", _("PayPal")
    BANK = "bank", _("bank transfer")
    POST = "post", _("postal transfer")
    CASH = "cash", _("cash")
    OTHER = "other", _("other")


class DonorKind(TextChoices):
    PERSON = "person", _("person")
    GROUP = "group", _("group")
    COMPANY = "company", _("company")
    PUBLIC_BODY = "public_body", _("public body")


class Nature(TextChoices):
    """What an expense was for."""

    FOOD = "food", _("food")
    GOODS = "goods", _("other goods")
    TRANSPORT = "transport", _("transport and travel")
    RENT = "rent", _("rent and utilities")
    MEDICAL = "medical", _("medical care")
    ALLOWANCE = "allowance", _("allowance")
    FINE = "fine", _("fine")
    RANSOM = "ransom", _("ransom or extortion")
    SIDE_PAYMENT = "side_payment", _("side payment")
    FEE = "fee", pgettext_lazy("nature", "fee")
    OTHER = "other", _("other")


class Source(TextChoices):
    """The records that make an expense by themselves. One typed into the register has none."""

    INCIDENT = "incident", _("payment of an incident")
    CONSIGNMENT = "consignment", _("cost of a consignment")
    MEDICAL = "medical", _("cost of a medical case")
    ALLOWANCE = "allowance", _("allowance")
