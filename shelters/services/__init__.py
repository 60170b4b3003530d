from shelters.services.incidents import (
    EffectOfAnother,
    EndsBeforeItStarts,
    NoteBeforeTheIncident,
    NotYet,
    add_incident_note,
    add_incident_payment,
    link_incident_effect,
    record_incident,
)
from shelters.services.lock_downs import lift_shelter_lock_down, lock_down_shelter
from shelters.services.rations import (
    NotARation,
    NotWeighed,
    RationAlreadySet,
    RationInThePast,
    set_ration,
)
from shelters.services.supplies import UNDO_MINUTES, TooLateToUndo, log_supplies, may_take_back, take_back

__all__ = [
    "EffectOfAnother",
    "EndsBeforeItStarts",
    "NotARation",
    "NotWeighed",
    "NotYet",
    "NoteBeforeTheIncident",
    "RationAlreadySet",
    "RationInThePast",
    "TooLateToUndo",
    "UNDO_MINUTES",
    "add_incident_note",
    "add_incident_payment",
    "lift_shelter_lock_down",
    "link_incident_effect",
    "lock_down_shelter",
    "log_supplies",
    "may_take_back",
    "record_incident",
    "set_ration",
    "take_back",
]
