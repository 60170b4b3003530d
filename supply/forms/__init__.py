from supply.forms.amounts import AmountField, AmountForm
from supply.forms.booking import BookingForm
from supply.forms.catalogue import ItemForm, PackForm, PackNameForm
from supply.forms.levels import LevelForm
from supply.forms.months import CloseMonthForm, ReopenMonthForm
from supply.forms.movements import TakeBackForm
from supply.forms.sheets import BeginCountForm, CountForm, CountLineForm, FinishForm

__all__ = [
    "FinishForm",
    "CountLineForm",
    "CountForm",
    "BeginCountForm",
    "AmountField",
    "AmountForm",
    "BookingForm",
    "CloseMonthForm",
    "ItemForm",
    "LevelForm",
    "PackForm",
    "PackNameForm",
    "ReopenMonthForm",
    "TakeBackForm",
]
