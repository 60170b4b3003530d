"""Incidents and what is told of them, as people mistype it."""

import uuid
from datetime import timedelta

from tests import factories as f
from tests.bad_input import LONG, Bad, Case, Form, choice, day, past_day, text


def _key():
    return {"key": str(uuid.uuid4())}


def _about_how_many(name, *, whole_people=False):
    values = ["-1", "many", "4-2", "1.00001", "9" * LONG, *(["1.5"] if whole_people else ["0"])]
    return [Bad({name: value}, name) for value in values]


def _incident(get):
    today = get("today")
    body = {"kind": "raid", "shelter": str(get("willow").uuid), "starts": str(today), "ends": "", "note": ""}
    bad = [
        *choice("kind"), *choice("shelter"), *past_day("starts"), *day("ends")[:2], *text("note", 4000),
        *_about_how_many("people_residents", whole_people=True),
        Bad({"shelter": str(get("maple").uuid)}, "shelter"),
        Bad({"ends": str(today - timedelta(days=30))}, "ends"),
    ]  # fmt: skip
    return Case(body | {"people_residents": "~3"} | _key(), bad)


def _told(body, bad):
    def made(get):
        incident = f.IncidentFactory(shelter=get("willow"))
        return Case(body(get) | _key(), bad(get), {"uuid": incident.uuid})

    return made


_incident_note = _told(
    lambda get: {"happened_on": str(get("today")), "step": "lawyer", "note": ""},
    lambda get: [*past_day("happened_on"), *choice("step"), *text("note", 4000)],
)
_payment = _told(
    lambda get: {"amount": "200-400", "currency": "CNY", "payer": "staff", "paid_from": ""},
    lambda get: [
        *_about_how_many("amount"), *choice("currency"), *text("payer", 100), *choice("paid_from"),
        Bad({"amount": ""}, "amount", "Say how much"),
    ],
)  # fmt: skip


_struck = _told(
    lambda get: {"kind": "residents", "number": "2-4", "reason": "counted anew"},
    lambda get: [
        *choice("kind"), *_about_how_many("number", whole_people=True), *text("reason", 200),
        Bad({"number": ""}, "number", "Say how many"),
    ],
)  # fmt: skip


def _paid_wrongly(get):
    incident = f.IncidentFactory(shelter=get("willow"), starts_on=get("today"))
    payment = f.IncidentPaymentFactory(incident=incident)
    bad = [*text("reason", 200), Bad({"reason": ""}, "reason", "Say why it was wrong")]
    return Case({"reason": "twice"} | _key(), bad, {"uuid": incident.uuid, "payment": payment.uuid})


def _effect(get):
    incident = f.IncidentFactory(shelter=get("willow"), starts_on=get("today"))
    status = f.ShelterStatusFactory(shelter=get("willow"), state="exposed", since=get("today"))
    elsewhere = f.ShelterStatusFactory(shelter=get("maple"), state="exposed", since=get("today"))
    bad = [*choice("status"), Bad({"status": str(elsewhere.uuid)}, "status")]
    return Case({"status": str(status.uuid)}, bad, {"uuid": incident.uuid})


# --- the sick, allowances -----------------------------------------------------------------------------------


INCIDENTS = [
    Form("shelters:log_incident", "hana", _incident),
    Form("shelters:add_incident_note", "hana", _incident_note),
    Form("shelters:add_incident_payment", "hana", _payment),
    Form("shelters:take_back_incident_payment", "hana", _paid_wrongly),
    Form("shelters:correct_incident_people", "hana", _struck),
    Form("shelters:link_incident_effect", "hana", _effect),
]
