from django import template

from supply.forms import consignments
from supply.models import Place

register = template.Library()


@register.filter
def named(place: Place) -> str:
    """By code; a recipient with its kind and publishable place."""
    return consignments.name_of(place)
