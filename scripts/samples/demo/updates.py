"""News of the children: published, waiting for a second person, and drafts; none names a place.

The texts stand in `updates.toml`.
"""

import tomllib
from datetime import date, timedelta
from pathlib import Path

from scripts.samples.book import Book
from scripts.samples.demo.people import address

TEXTS = Path(__file__).with_name("updates.toml")


def add(book: Book) -> None:
    for news in tomllib.loads(TEXTS.read_text())["update"]:
        day: date = news["written_on"]
        state = news["state"]
        author, reader = (address(name) for name in news["people"])
        is_read = state == "published"
        book.add(
            "Updates",
            child=news["child"],
            written_on=day,
            author=author,
            state=state,
            title=news["title"],
            text=news["text"].strip(),
            title_ja=news.get("title_ja"),
            text_ja=news.get("text_ja", "").strip() or None,
            cleared_by=reader if is_read else None,
            published_at=day + timedelta(3) if is_read else None,
        )
