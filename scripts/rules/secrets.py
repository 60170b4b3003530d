"""Sealed values, keys, identities and the trail: each behind its one door."""

import ast
import re
from collections.abc import Iterable

from scripts.rules.rule import WITH_SCRIPTS, Rule, either, says, uses
from scripts.rules.source import Source

_DEFINER = re.compile(r"\bCREATE\b.*?(?=\bCREATE\b|\Z)", re.IGNORECASE | re.DOTALL)


def _definer_without_a_path(source: Source) -> Iterable[int]:
    for text, line in source.texts:
        for one in _DEFINER.finditer(text):
            words = one.group().lower()
            if "security definer" in words and "search_path" not in words:
                yield line + text.count("\n", 0, one.start())


def _sight_past_the_door(source: Source) -> Iterable[int]:
    doors = {"visible_to", "none"}
    through = {
        id(node.value) for node in source.nodes if isinstance(node, ast.Attribute) and node.attr in doors
    }
    for node in source.nodes:
        managers = ("objects", "_default_manager", "_base_manager")
        if isinstance(node, ast.Attribute) and node.attr in managers and id(node) not in through:
            yield node.end_lineno or node.lineno


RULES = [
    Rule(
        "sealed value opened",
        "A sealed value is opened by a door that asks for a right and a purpose and writes a row.",
        uses(
            "core.sealed.open_value core.sealed._open core.sealed.unwrap core.sealed.key_of "
            "core.sealed.open_values core.sealed.open_rows core.sealed.keys_of "
            "core.leaks.collecting.sealed_values "
            "*._plain *._ciphertext"
        ),
        WITH_SCRIPTS,
    ),
    Rule(
        "key in other hands",
        "Sealing key and secret key are read in one place each, so that no log or page can hold them.",
        uses("*.SEALING_KEY_FILE *.SECRET_KEY *.SECRET_KEY_FALLBACKS"),
    ),
    Rule(
        "cipher of one's own",
        "What encrypts stands in one module that was looked at; a second one would be looked at by nobody.",
        uses("cryptography pyrage nacl Crypto hashlib.md5 hashlib.sha1 crypt django.core.signing"),
    ),
    Rule(
        "identity set elsewhere",
        "Whose rows the database shows is set in one place and for one transaction; set for a connection, it "
        "stays there for the next person.",
        says(r"\bset_config\s*\(|(?:^|;)\s*SET\s+(?:LOCAL\s+|SESSION\s+)?(?:ROLE\b|AUTHORIZATION\b|app\.)"),
        WITH_SCRIPTS,
    ),
    Rule(
        "the system's own sight",
        "What runs as the system sees every row: only a process without a person behind it may.",
        uses("core.identity.run_as_system"),
    ),
    Rule(
        "acting for another",
        "For whom the database shows rows is proven by the gate, from the log-in, and nowhere else.",
        uses("core.identity.act_as core.identity.sealed core.identity.secret_of core.identity.SYSTEM"),
    ),
    Rule(
        "wider sight",
        "A sight beyond one's own rows is for a few pieces of work, each looked at.",
        uses(
            "core.identity.Scope.FIGURES core.identity.Scope.GUARD core.identity.Scope.EXPOSURE "
            "core.identity.Scope.SUMS "
            "core.identity.Scope.LOCK_DOWN core.identity.Scope.BREAK_GLASS core.identity.Scope.FORGET"
        ),
    ),
    Rule(
        "wall or trail switched off",
        "Triggers and row policies are never switched off by code: an injection would only have to reach it.",
        either(
            uses("pgtrigger pghistory"),
            says(
                r"\bpgtrigger\b|\bpghistory\b|session_replication_role|\bDISABLE\s+(?:TRIGGER|RULE|ROW)\b"
                r"|\bNO\s+FORCE\s+ROW\b|\brow_security\b|\bDROP\s+POLICY\b|(?<!NO)BYPASSRLS"
            ),
        ),
        WITH_SCRIPTS,
    ),
    Rule(
        "definer without a path",
        "A function that runs with its owner's rights finds its tables by a path of its own, or a caller "
        "lays another table in its way.",
        _definer_without_a_path,
        WITH_SCRIPTS,
    ),
    Rule(
        "sight past the door",
        "A page lists and finds records through visible_to(user) alone.",
        _sight_past_the_door,
        ("*/views*.py", "*/forms*.py", "*/tables*.py", "*/templatetags/*.py"),
    ),
    Rule(
        "rows cached",
        "What lies in Redis lies in its file on the disk: no record, name or page is kept there.",
        uses("django.core.cache django.views.decorators.cache.cache_page redis"),
    ),
]
