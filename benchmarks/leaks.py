"""The leak guard: 5,500 sealed values opened, 1,000 texts looked through for them, 300 mails posted.

Nothing else opens many sealed values or looks for one: no page of the app searches by a sealed name.
"""

import gc
import random
import tracemalloc
import uuid
from collections.abc import Callable

from django.db import connection

from benchmarks.ground import database_of_its_own
from benchmarks.harness import Limit, print_limits, say, timed
from core import leaks, outbox
from core.enums import Channel
from core.leaks.collecting import build_index, sealed_values
from core.leaks.folding import folded
from core.leaks.index import Index
from tests import factories
from tests.proof.names import SYLLABLES, invented_names

_WORDS = (
    "the a child school bag red likes yard sang song morning summer letters people cats window garden "
    "teacher friend noodles tower moon bicycle evening she he his her was has and with in on of every day"
)
WORDS = _WORDS.split()
VALUES, NAMES, TEXTS, WORDS_A_TEXT, MAILS = 5500, 5000, 1000, 200, 300
TURNS = 10  # the quickest counts: other work on the machine makes the rest slow


def run() -> bool:
    """Whether every limit was kept."""
    with database_of_its_own():
        chance = random.Random(7)
        say(f"Sealing {VALUES} values …")
        name = _fill(chance)[0]
        texts = [" ".join(chance.choice(WORDS) for _ in range(WORDS_A_TEXT)) for _ in range(TEXTS)]
        index = build_index()
        opening = min(timed(build_index) for _ in range(TURNS))
        matching = min(timed(lambda: _match(index, texts)) for _ in range(TURNS))
        limits = [
            Limit(f"{VALUES} sealed values opened", _milliseconds(_open), 200, "ms"),
            Limit(f"{len(index)} values and codes opened and made ready", opening * 1000, 1000, "ms"),
            Limit(f"a text of {WORDS_A_TEXT} words matched", matching * 1000 / TEXTS, 200, "ms"),
            Limit(f"{TEXTS} such texts matched", matching, 5, "s"),
            Limit("one text, values opened for it alone", _milliseconds(lambda: _look(name)), 1200, "ms"),
            Limit(f"{MAILS} mails posted, each checked", _milliseconds(_post_mails), 6000, "ms"),
            *_memory(),
        ]
    return print_limits("The leak guard", limits)


def _fill(chance: random.Random) -> list[str]:
    """Returns the names of the residents."""
    names = invented_names(NAMES, chance)
    for name in names:
        factories.ResidentFactory(real_name=name)
    for number in range(VALUES - NAMES):
        town = f"{chance.choice(SYLLABLES)}{chance.choice(SYLLABLES)}ton".title()
        factories.ShelterFactory(address=f"{number} {chance.choice(SYLLABLES).title()} Lane, {town}")
    return names


def _milliseconds(work: Callable[[], object]) -> float:
    return min(timed(work) for _ in range(TURNS)) * 1000


def _open() -> None:
    """As `build_index` begins."""
    if sum(1 for _value in sealed_values(set())) != VALUES:
        raise SystemExit("Not every sealed value was opened.")


def _look(name: str) -> None:
    """As an update is looked through when it is published."""
    piece = leaks.Piece(f"Today {name} sang a song in the garden.", "text")
    outgoing = leaks.Outgoing(channel=Channel.UPDATE, pieces=(piece,), text_type="foster.childupdate")
    if leaks.look(by=None, outgoing=outgoing).may_leave:
        raise SystemExit("The guard found nothing in a text that names somebody.")


def _match(index: Index, texts: list[str]) -> None:
    for text in texts:
        index.hits(folded(text))


def _post_mails() -> None:
    with leaks.guarding():
        for _number in range(MAILS):
            outbox.post(
                key=f"bench-{uuid.uuid4()}",
                kind="reminder",
                to_address="yuki@example.org",
                language="en",
                subject="Your contribution",
                body="We have not yet seen it. Your payment number: S-7. Thank you. Your help arrives.",
            )


def _memory() -> list[Limit]:
    """What Python holds while the values are open, and after."""
    connection.queries_log.clear()
    gc.collect()
    tracemalloc.start()
    with leaks.guarding() as guard:
        guard.index()
        held = tracemalloc.get_traced_memory()[0]
    gc.collect()
    left = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return [
        Limit("memory while the values are open", held / 2**20, 100, "MiB"),
        Limit("memory afterwards", left / 2**20, 10, "MiB"),
    ]
