"""Money in: the sponsors' payments, and other people's gifts on every channel, with one refund."""

from datetime import date, timedelta
from random import Random

from scripts.samples.book import Book
from scripts.samples.demo.calendar import TODAY
from scripts.samples.demo.sponsors import donor_of, payments

# Code, name, purpose, restricted, settles dues.
FUNDS = (
    ("GENERAL", "General fund", "wherever it is needed most", False, False),
    ("CHILDREN", "Foster children's fund", "shelter and schooling of the children", True, True),
    ("WINTER", "Winter fund", "coats, blankets and heating", True, False),
)
PROGRAMMES = (
    ("SHELTER", "Shelter and protection", "避難者の保護事業"),
    ("FOSTER", "Support of children by foster parents", "里親による子ども支援事業"),
    ("FOOD", "Food and medicine", "食糧・医薬品支援事業"),
)
DONORS = (
    ("D-201", "person", "Aoi", "アオイ", "JP"),
    ("D-202", "person", "Hinata", "ヒナタ", "JP"),
    ("D-203", "person", "Seoyeon", "ソヨン", "KR"),
    ("D-204", "group", "Sunday Soup Circle (invented)", "サンデースープノカイ", "JP"),
    ("D-205", "company", "Nagareboshi Dental (invented)", "ナガレボシシカ", "JP"),
    ("D-206", "person", "Kaito", "カイト", "JP"),
    ("D-207", "person", "Minjun", "ミンジュン", "US"),
)
# Channel → gifts in the fiscal years before, of 2026 and since; amounts to choose from.
GIFTS = {
    ("paypal", "JPY"): (14, 22, 8, (1000, 2000, 3000, 3000, 5000, 10000)),
    ("paypal", "USD"): (6, 12, 4, (10, 20, 25, 50, 100)),
    ("bank", "JPY"): (0, 13, 5, (5000, 10000, 10000, 30000, 50000)),
    ("post", "JPY"): (0, 8, 3, (2000, 3000, 5000)),
    ("cash", "JPY"): (0, 5, 2, (3000, 8600, 21500)),
}
YEARS = (
    (date(2024, 9, 1), date(2025, 8, 31)),
    (date(2025, 9, 1), date(2026, 8, 31)),
    (date(2026, 9, 1), TODAY),
)
# Yen for a dollar, from a day on: the bank's rate of the day the gift was booked.
DOLLAR = (
    (date(2024, 9, 1), "146.20"),
    (date(2025, 9, 1), "148.35"),
    (date(2026, 3, 1), "151.10"),
    (date(2026, 9, 1), "149.75"),
)


def add(book: Book, random: Random) -> None:
    for code, name, purpose, is_restricted, settles_dues in FUNDS:
        book.add(
            "Funds",
            code=code,
            name=name,
            purpose=purpose,
            is_restricted=is_restricted,
            settles_dues=settles_dues,
        )
    for code, name, name_ja in PROGRAMMES:
        book.add("Programmes", code=code, name=name, name_ja=name_ja)
    for code, kind, name, kana, country in DONORS:
        book.add("Donors", code=code, kind=kind, name=name, name_kana=kana, country=country)
    rows = [*_payments(), *_gifts(random)]
    for number, row in enumerate(sorted(rows, key=lambda row: row["received_on"]), 1):
        book.add("Donations", code=f"G-{number:04}", **row)
    _add_refund(book)


def _payments() -> list[dict]:
    return [
        {
            "donor": donor_of(code),
            "received_on": day,
            "channel": sponsor.channel,
            "fund": "CHILDREN",
            "is_recurring": True,
            "note": f"from foster parent {code}",
            **_money(sponsor.channel, "JPY", amount, day),
        }
        for day, code, sponsor, amount in payments()
    ]


def _gifts(random: Random) -> list[dict]:
    rows = []
    for (channel, currency), (*counts, amounts) in GIFTS.items():
        for count, (first, last) in zip(counts, YEARS, strict=True):
            for _ in range(count):
                day = first + timedelta(int(random.random() * (last - first).days))
                amount = amounts[int(random.random() * len(amounts))]
                winter = day.month in (11, 12, 1) and random.random() < 0.4
                known = channel != "cash" and random.random() < 0.6
                row = {
                    "received_on": day,
                    "channel": channel,
                    "fund": "WINTER" if winter else "GENERAL",
                    "donor": DONORS[int(random.random() * len(DONORS))][0] if known else None,
                    "note": "" if channel != "cash" else "collected at a lecture",
                    **_money(channel, currency, amount, day),
                }
                rows.append(row)
    return rows


def _money(channel: str, currency: str, gross: int, day: date) -> dict:
    """Gross, fee (PayPal keeps 3.6 % and 40 yen or 30 cents), and the value in yen."""
    if channel != "paypal":
        fee = 0
    elif currency == "JPY":
        fee = gross * 36 // 1000 + 40
    else:
        fee = round(gross * 0.036 + 0.30, 2)
    if currency == "JPY":
        return {"currency": currency, "gross": gross, "fee": fee}
    rate = next(rate for since, rate in reversed(DOLLAR) if since <= day)
    return {
        "currency": currency,
        "gross": gross,
        "fee": fee,
        "rate": float(rate),
        "yen": round(gross * float(rate)),
    }


def _add_refund(book: Book) -> None:
    """A gift that was sent twice by mistake; the second went back."""
    day = date(2026, 10, 7)
    twice = {"channel": "bank", "currency": "JPY", "fee": 0, "fund": "GENERAL", "donor": "D-206"}
    book.add("Donations", code="G-9001", received_on=day, gross=30_000, **twice)
    book.add("Donations", code="G-9002", received_on=day, gross=30_000, note="sent twice by mistake", **twice)
    book.add(
        "Donations",
        code="G-9003",
        received_on=date(2026, 10, 14),
        gross=-30_000,
        refund_of="G-9002",
        note="sent back",
        **twice,
    )
