from django import template
from django.utils.translation import get_language

from foster.models import ChildUpdate
from foster.models.updates import Told

register = template.Library()


@register.filter
def told_here(update: ChildUpdate) -> Told:
    """The update in the language of the page, as far as it is written in it."""
    return update.told_in(get_language() or "")


@register.filter
def turns(birth_year: int, year: int) -> int:
    """The age in years that someone of this birth year reaches in `year`."""
    return year - birth_year
