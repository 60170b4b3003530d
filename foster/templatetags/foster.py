from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import get_language

from core import addresses
from foster.models import ChildUpdate, UpdatePhoto
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


@register.simple_tag(takes_context=True)
def photo_address(context: Context, name: str, photo: UpdatePhoto) -> str:
    """A fresh address of this page's reader. `name` of the URL: "foster:photo" or "foster:draft_photo"."""
    key = addresses.key_for(reader=context["request"].user, thing=photo.uuid)
    return reverse(name, kwargs={"uuid": photo.uuid, "key": key})
