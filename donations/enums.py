from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
