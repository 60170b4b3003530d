from django import template

from core.charts import Line
from core.charts import line as drawn
from shelters.enums import MedicalKind, ShelterState
from shelters.selectors import Forecast

register = template.Library()


@register.filter
def state_label(state: str) -> str:
    """The word for a state that a query annotated."""
    return str(ShelterState(state).label)


@register.filter
def stock_line(forecast: Forecast) -> Line:
    """What is left after each night, from what can be eaten tonight on."""
    tonight = forecast.nights[0]
    return drawn([tonight.left + tonight.need, *(night.left for night in forecast.nights)])


@register.filter
def medical_kind(kind: str) -> str:
    """The word for a kind that a query counted."""
    return str(MedicalKind(kind).label)
