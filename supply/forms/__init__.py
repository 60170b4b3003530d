from supply.forms.months import CloseMonthForm, ReopenMonthForm

__all__ = [
    "CloseMonthForm",
    "ReopenMonthForm",
]
