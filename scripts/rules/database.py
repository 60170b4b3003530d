"""SQL: written down whole, never put together from values."""

import ast
from collections.abc import Iterable

from scripts.rules.rule import WITH_SCRIPTS, Rule, either, uses
from scripts.rules.source import Source

_RUN = {"execute", "executemany", "copy_expert", "raw", "mogrify"}
_WHOLE = ("RawSQL", "RunSQL")


def _is_fixed(node: ast.AST, source: Source) -> bool:
    """The text is the same whatever the data: literals, constants, and psycopg2's own composing."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name) if name in source.constants:
            return _is_fixed(source.constants[name], source)
        # A constant of another module, or of the settings, is looked at there.
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id=name)):
            return name in source.imported and source.name(node).rsplit(".", 1)[-1].isupper()
        case ast.JoinedStr(values=parts):
            return all(_is_fixed(part, source) for part in parts)
        case ast.FormattedValue(value=value):
            return _is_fixed(value, source)
        case ast.BinOp(left=left, op=ast.Add(), right=right) | ast.IfExp(body=left, orelse=right):
            return _is_fixed(left, source) and _is_fixed(right, source)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return all(_is_fixed(part, source) for part in parts)
        case ast.Call():
            return _is_composed(node, source)
    return False


def _is_composed(node: ast.Call, source: Source) -> bool:
    """`sql.SQL("… {}").format(sql.Identifier(table))`: names and values are quoted by the driver."""
    name = source.name(node.func)
    if name == "psycopg2.sql.SQL":
        return all(_is_fixed(part, source) for part in node.args)
    if name.startswith("psycopg2.sql."):
        return True
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in ("format", "join"):
        return False
    inner = node.func.value
    if isinstance(inner, ast.Name) and inner.id in source.constants:
        inner = source.constants[inner.id]
    if isinstance(inner, ast.Call):
        return _is_composed(inner, source)
    put_in = [*node.args, *(keyword.value for keyword in node.keywords)]
    return all(_is_fixed(part, source) for part in [inner, *put_in])


def _sql_put_together(source: Source) -> Iterable[int]:
    for name, call in source.calls():
        runs = isinstance(call.func, ast.Attribute) and call.func.attr in _RUN
        if not runs and name.rsplit(".", 1)[-1] not in _WHOLE and name != "psycopg2.sql.SQL":
            continue
        texts = [*call.args[:1], *(k.value for k in call.keywords if k.arg in ("sql", "raw_query", "query"))]
        if any(not _is_fixed(text, source) for text in texts):
            yield call.lineno


def _extra(source: Source) -> Iterable[int]:
    return (node.lineno for node in source.nodes if isinstance(node, ast.Attribute) and node.attr == "extra")


RULES = [
    Rule(
        "SQL put together",
        "A statement is one fixed text; values go beside it, names through psycopg2.sql.",
        _sql_put_together,
        WITH_SCRIPTS,
    ),
    Rule(
        "condition as text",
        "Conditions are written with the ORM or in a selector's whole statement, never as a loose piece.",
        either(uses("*.RawSQL"), _extra),
    ),
]
