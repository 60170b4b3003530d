from supply.forms.months import CloseMonthForm, ReopenMonthForm
from supply.forms.movements import TakeBackForm

__all__ = [
    "CloseMonthForm",
    "ReopenMonthForm",
    "TakeBackForm",
]
