"""The sick of the demo's shelters, some over years, and allowances for who left. What they have is sealed."""

from datetime import date

from scripts.samples.book import Book
from scripts.samples.demo.people import address

# Case → resident, kind, since, closed, outcome, condition, treatment, who writes.
CASES = {
    "M-21": (
        "R-101",
        "chronic",
        date(2023, 10, 9),
        None,
        None,
        "worn knee",
        "walking stick, ointment",
        "Mei",
    ),
    "M-22": (
        "R-104",
        "chronic",
        date(2026, 4, 15),
        None,
        None,
        "sugar disease",
        "insulin; a cut on the foot is dressed",
        "Mei",
    ),
    "M-23": (
        "R-113",
        "chronic",
        date(2025, 11, 3),
        None,
        None,
        "high blood pressure",
        "one tablet a day",
        "Jun",
    ),
    "M-24": (
        "R-115",
        "pregnancy",
        date(2026, 8, 20),
        None,
        None,
        "expects in February",
        "seen monthly",
        "Jun",
    ),
    "M-25": (
        "R-112",
        "injury",
        date(2026, 10, 4),
        date(2026, 10, 30),
        "recovered",
        "fell from the steps",
        "the arm in plaster for three weeks",
        "Jun",
    ),
    "M-26": (
        "R-123",
        "illness",
        date(2026, 2, 10),
        date(2026, 3, 2),
        "elsewhere",
        "cough for a month",
        "taken to a friendly doctor",
        "Mei",
    ),
}
# Case, month, amount in yuan. The last but one was typed twice and is taken back.
COSTS = (
    ("M-21", date(2025, 12, 1), 240),
    ("M-21", date(2026, 6, 1), 260),
    ("M-22", date(2026, 8, 1), 480),
    ("M-22", date(2026, 10, 1), 510),
    ("M-23", date(2026, 10, 1), 90),
    ("M-25", date(2026, 10, 1), 1200),
    ("M-25", date(2026, 10, 1), 1200),
    ("M-25", date(2026, 10, 1), -1200),
    ("M-26", date(2026, 2, 1), 350),
)
# Resident, yuan a month, months, from, reason, who.
ALLOWANCES = (
    ("R-129", 600, 6, date(2026, 7, 1), "leaves", "Mei"),
    ("R-130", 600, 6, date(2026, 7, 1), "leaves", "Mei"),
    ("R-133", 300, 3, date(2026, 10, 1), "returns", "Jun"),
    ("R-133", 300, 3, date(2026, 10, 1), "returns", "Jun"),
)
TAKEN_BACK = ((4, "entered twice", "Jun"),)  # its number among the allowances


def add(book: Book) -> None:
    for code, (resident, kind, opened, closed, outcome, condition, treatment, who) in CASES.items():
        book.add(
            "Medical cases",
            code=code,
            resident=resident,
            kind=kind,
            opened_on=opened,
            closed_on=closed,
            outcome=outcome,
            condition=f"{condition} (invented)",
            treatment=f"{treatment} (invented)",
            by=address(who),
        )
    for number, (case, month, amount) in enumerate(COSTS, 1):
        book.add(
            "Medical costs",
            key=f"MC-{number:02}",
            case=case,
            month=f"{month:%Y-%m}",
            amount=amount,
            currency="CNY",
            by=address(CASES[case][-1]),
        )
    for number, (resident, amount, months, first, reason, who) in enumerate(ALLOWANCES, 1):
        book.add(
            "Allowances",
            key=f"AL-{number:02}",
            resident=resident,
            amount=amount,
            currency="CNY",
            months=months,
            from_month=f"{first:%Y-%m}",
            reason=reason,
            by=address(who),
        )
    for number, reason, who in TAKEN_BACK:
        book.add("Allowances taken back", allowance=f"AL-{number:02}", reason=reason, by=address(who))
