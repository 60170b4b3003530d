"""What a page and the settings must not do."""

import ast
import re
from collections.abc import Iterable

from scripts.rules.rule import Rule, either, says, uses
from scripts.rules.source import Source

_SWITCHES = {"DEBUG", "SAMPLE", "TEMPLATE_DEBUG"}
_ANSWERS = {"redirect", "HttpResponseRedirect", "HttpResponsePermanentRedirect", "HttpResponseClientRedirect"}
_COMMENT = re.compile(r"#\s*(?:noqa(?!:)|noqa:[^#]*\bS\d{3}|nosec)")


def _is_true(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _unsafe_switch(source: Source) -> Iterable[int]:
    for node in source.nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign) and _is_true(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id in _SWITCHES for target in targets):
                yield node.lineno
        elif isinstance(node, ast.keyword) and node.arg == "debug" and _is_true(node.value):
            yield node.value.lineno
        elif [getattr(part, "value", None) for part in getattr(node, "elts", ())] == ["*"]:
            yield node.lineno
    for _name, call in source.calls():
        named = call.args and getattr(call.args[0], "value", None) in _SWITCHES
        if named and any(map(_is_true, [*call.args[1:], *(keyword.value for keyword in call.keywords)])):
            yield call.lineno


def _sent_where_asked(source: Source) -> Iterable[int]:
    asked = re.compile(r"\brequest\.(?:GET|POST|META|headers|body|COOKIES)\b")
    for name, call in source.calls():
        if name.rsplit(".", 1)[-1] in _ANSWERS and any(asked.search(ast.unparse(part)) for part in call.args):
            yield call.lineno


def _check_silenced(source: Source) -> Iterable[int]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if _COMMENT.search(line):
            yield number


RULES = [
    Rule(
        "unescaped",
        "Every text is escaped by the template; one that is marked safe carries whatever was typed into it.",
        either(
            uses(
                "django.utils.safestring django.utils.html.html_safe *.mark_safe *.SafeString "
                "*.SafeText *.__html__ core.markup.joined"
            ),
            says(r"\|\s*safe(?:seq)?\b|autoescape\s+off"),
        ),
    ),
    Rule(
        "form without a token",
        "A page elsewhere must not be able to press our buttons.",
        uses("*.csrf_exempt"),
    ),
    Rule(
        "sent where asked",
        "A redirect goes to a page of ours, never to an address that came with the request.",
        _sent_where_asked,
    ),
    Rule(
        "power without a role",
        "Nobody here is a superuser; rights come from the roles alone, and no admin is mounted.",
        either(
            uses(
                "*.is_superuser *.is_staff *.create_superuser *.PermissionsMixin "
                "*.user_permissions django.contrib.admin"
            ),
            says(r"^django\.contrib\.admin(?:docs)?(?:\.|$)"),
        ),
    ),
    Rule(
        "unsafe setting",
        "An installation is closed unless the environment opens it; log-ins live in the database, where one "
        "DELETE ends them.",
        either(
            _unsafe_switch,
            uses("csp.constants.UNSAFE_INLINE csp.constants.UNSAFE_EVAL"),
            says(
                r"unsafe-(?:inline|eval)|debug_toolbar|corsheaders"
                r"|sessions\.backends\.(?:cache|cached_db|file|signed_cookies)"
            ),
        ),
    ),
    Rule(
        "streamed",
        "A streamed answer is read when its transaction and identity are over: empty, or somebody else's.",
        uses("*.StreamingHttpResponse *.FileResponse"),
    ),
    Rule(
        "file past the guard",
        "A file is taken away for good: the leak guard looks through it in core/files.py, where who took it "
        "is noted too.",
        either(
            uses("csv openpyxl core.files.FORMATS core.files._csv core.files._xlsx"),
            says(r"\battachment\b|content-disposition|text/csv|spreadsheetml"),
        ),
    ),
    Rule(
        "check silenced",
        "A finding is settled in the rule's list of allowed places, with its reason, not by a comment.",
        _check_silenced,
    ),
]
