from django import template

from shelters.enums import ShelterState

register = template.Library()


@register.filter
def state_label(state: str) -> str:
    """The word for a state that a query annotated."""
    return str(ShelterState(state).label)
