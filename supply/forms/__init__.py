from supply.forms.amounts import AmountField, AmountForm
from supply.forms.booking import BookingForm
from supply.forms.catalogue import ItemForm, LotForm, PackForm
from supply.forms.doubts import AskedOnce, Doubt, counted_since, doubts_of, on_its_way
from supply.forms.levels import LevelForm
from supply.forms.months import CloseMonthForm, ReopenMonthForm
from supply.forms.movements import TakeBackForm
from supply.forms.sheets import BeginCountForm, CountForm, CountLineForm, FinishForm

__all__ = [
    "AskedOnce",
    "Doubt",
    "counted_since",
    "doubts_of",
    "on_its_way",
    "AmountField",
    "AmountForm",
    "BeginCountForm",
    "BookingForm",
    "CloseMonthForm",
    "CountForm",
    "CountLineForm",
    "FinishForm",
    "ItemForm",
    "LevelForm",
    "LotForm",
    "PackForm",
    "ReopenMonthForm",
    "TakeBackForm",
]
