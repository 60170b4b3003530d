"""Who logs in, and who works where."""

from datetime import date

from scripts.samples.book import Book


def address(name: str) -> str:
    return f"{name.lower()}@lfnkr.example"


PEOPLE = {
    "Chihiro": ("administrator", "ja"),
    "Sora": ("supply_coordinator", "ja"),
    "Miki": ("foster_officer", "ja"),
    "Ren": ("foster_officer", "en"),
    "Takumi": ("finance_officer", "ja"),
    "Nagisa": ("auditor", "ja"),
    "Mei": ("field_staff", "en"),
    "Jun": ("field_staff", "en"),
    "Yuna": ("sponsor", "ja"),
    "Daichi": ("sponsor", "en"),
}
# Person, shelter, first day, last day.
POSTINGS = (
    ("Mei", "WILLOW", date(2025, 4, 1), None),
    ("Mei", "CEDAR", date(2025, 4, 1), None),
    ("Jun", "MAPLE", date(2025, 9, 1), None),
    ("Jun", "BIRCH", date(2025, 9, 1), None),
    ("Jun", "PINE", date(2026, 2, 1), None),
    ("Mei", "ALDER", date(2025, 4, 1), date(2026, 5, 31)),
)


def add(book: Book) -> None:
    for name, (role, language) in PEOPLE.items():
        book.add("People", email=address(name), name=name, role=role, language=language)
    for name, shelter, first, last in POSTINGS:
        book.add("Postings", user=address(name), shelter=shelter, days__first=first, days__last=last)
