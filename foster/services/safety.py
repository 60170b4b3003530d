"""A first, plain check before a text goes out; the second person's eyes come after it."""

import re
import unicodedata

from django.utils.translation import gettext as _

from core.sealed import CannotOpen, open_value
from foster.models import Child, ChildUpdate

# Shorter pieces of a family note ("ill", "2 km") stand in many harmless texts.
SHORTEST_PIECE = 4


def safety_findings(update: ChildUpdate) -> list[str]:
    """Sentences that say what must come out of the text first; none when nothing was found.

    Looks for whole values, whatever their case, accents and spaces. The sealed ones are opened here without
    a reveal, because no person sees them: neither the sentences nor any log repeat what was found.
    """
    text = _bare(" ".join(_texts(update)))
    child, found = update.child, []
    if _bare(child.code) in text:
        found.append(_("The text holds the child's code. Use the name for sponsors instead."))
    if child.shelter and _bare(child.shelter.code) in text:
        found.append(_("The text holds the code name of a shelter. Take it out."))
    try:
        if any(piece in text for piece in _sealed_pieces(child)):
            found.append(_("The text holds something of the child's real name or family. Take it out."))
    except CannotOpen:
        found.append(_("The child's sealed record cannot be opened, so the text cannot be checked."))
    return found


def _texts(update: ChildUpdate) -> list[str]:
    captions = [photo.caption for photo in update.photos.defer("image")]
    return [update.title, update.text, update.title_ja, update.text_ja, *captions]


def _sealed_pieces(child: Child) -> list[str]:
    name, family = (open_value(child, field) or b"" for field in ("real_name", "family"))
    pieces = [_bare(piece) for piece in re.split(r"[,;:/()\n、。，；：（）・]|\.\s", family.decode())]
    return [piece for piece in [_bare(name.decode())] if piece] + [
        piece for piece in pieces if len(piece) >= SHORTEST_PIECE
    ]


def _bare(text: str) -> str:
    """Letters and digits alone, without case and accents: "Kim Sŏn-hŭi" → "kimsonhui"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if letter.isalnum())
