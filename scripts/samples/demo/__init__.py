"""An invented current year: a cast of shelters, children, sponsors, routes and gifts. Nobody in it exists.

Its days are counted from one fixed `TODAY`, so that the file stays the same; stays, sponsorships and rations
are open-ended, so that it is still alive when it is loaded later.
"""

from random import Random

from scripts.samples.book import Book
from scripts.samples.demo import (
    activities,
    cases,
    children,
    expenses,
    gifts,
    incidents,
    partners,
    people,
    shelters,
    sponsors,
    supplies,
    updates,
)

ABOUT = (
    "An invented year. No person, shelter, route or gift in this workbook exists.",
    "Built by `python -m scripts.samples`. Log-ins get a password of their own when the sample is loaded.",
    "The sealed columns (addresses, real names) hold invented words; an export leaves them empty.",
)


def book() -> Book:
    made = Book(ABOUT)
    random = Random(2026)
    people.add(made)
    shelters.add(made)
    supplies.add(made, random)
    cases.add(made)
    incidents.add(made)
    children.add(made)
    sponsors.add(made)
    gifts.add(made, random)
    expenses.add(made)
    updates.add(made)
    activities.add(made)
    partners.add(made)
    return made
