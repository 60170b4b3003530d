from supply.forms.amounts import AmountField, AmountForm
from supply.forms.booking import BookingForm
from supply.forms.catalogue import ItemForm, LotForm, PackForm, PackNameForm
from supply.forms.doubts import (
    AskedOnce,
    Doubt,
    TakingBack,
    counted_since,
    doubts_of,
    on_its_way,
    without_a_day,
)
from supply.forms.levels import LevelForm
from supply.forms.months import CloseMonthForm, ReopenMonthForm
from supply.forms.movements import TakeBackForm
from supply.forms.sheets import BeginCountForm, CountForm, CountLineForm, FinishForm

__all__ = [
    "AmountField",
    "AmountForm",
    "AskedOnce",
    "BeginCountForm",
    "BookingForm",
    "CloseMonthForm",
    "CountForm",
    "CountLineForm",
    "Doubt",
    "FinishForm",
    "ItemForm",
    "LevelForm",
    "LotForm",
    "PackForm",
    "PackNameForm",
    "ReopenMonthForm",
    "TakeBackForm",
    "TakingBack",
    "counted_since",
    "doubts_of",
    "on_its_way",
    "without_a_day",
]
