"""The registers of 1 September 2011 – 31 August 2012, built from `sample/facts.csv`.

Every row names the fact it comes from. Single records behind a published total are made up so that they add
up to it exactly, and are marked as reconstructed. Codes begin with Y12-: no other workbook uses them.
"""

from random import Random

from scripts.samples.book import Book
from scripts.samples.year import activities, children, gifts, partners, supplies

ABOUT = (
    "The registers of one real year of one real NGO: fiscal year 2012, 1 September 2011 – 31 August 2012 "
    "(twelve months: S003-009).",
    "Built by `python -m scripts.samples` from sample/facts.csv; the number of a fact (S003-037) stands in "
    "the row that holds it.",
    "Reconstructed = yes: the source prints only a total; the single record is made up, and all together "
    "they add up to the total exactly.",
    "Not known and left out: amounts of money, names of people, real places, routes' real codes.",
    "Held by several rows together: S003-008 (8 people = 3 + 5), S003-034 (180 hours), S003-065 (against the "
    "year before).",
)


def book() -> Book:
    made = Book(ABOUT)
    random = Random(2012)
    supplies.add(made, random)
    gifts.add(made, random)
    children.add(made)
    activities.add(made)
    partners.add(made)
    return made
