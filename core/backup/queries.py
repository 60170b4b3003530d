"""The questions to the catalogue: each gives (name, definition) of every object of one kind that is ours.

Ours is what stands in no schema of PostgreSQL itself and belongs to no extension. Definitions are compared as
text, so each holds all that must be equal and nothing that may differ (numbers of objects, order on disk).
"""

_OURS = """
WITH foreign_to_us AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
ours AS (SELECT n.* FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND (n.tableoid, n.oid) NOT IN (TABLE foreign_to_us)),
relations AS (SELECT c.*, n.nspname FROM pg_class c JOIN ours n ON n.oid = c.relnamespace
  WHERE (c.tableoid, c.oid) NOT IN (TABLE foreign_to_us)),
functions AS (SELECT p.* FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace
  WHERE (p.tableoid, p.oid) NOT IN (TABLE foreign_to_us)),
types AS (SELECT t.* FROM pg_type t JOIN ours n ON n.oid = t.typnamespace
  WHERE t.typtype IN ('e', 'd', 'r', 'm') AND (t.tableoid, t.oid) NOT IN (TABLE foreign_to_us)),
"""
_TABLES = """none AS (SELECT)
SELECT c.nspname, c.relname FROM relations c WHERE c.relkind IN ('r', 'm') ORDER BY 1, 2
"""
_SEQUENCES = """none AS (SELECT)
SELECT c.nspname, c.relname FROM relations c WHERE c.relkind = 'S' ORDER BY 1, 2
"""

_SCHEMA = """none AS (SELECT)
SELECT n.nspname, 'owner ' || pg_get_userbyid(n.nspowner) FROM ours n
"""
_RELATION = """columns AS (
  SELECT a.attrelid, string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    a.attidentity, a.attgenerated, a.attstorage, a.attcompression, a.attcollation::regcollation,
    pg_get_expr(d.adbin, d.adrelid)), E'\\n' ORDER BY a.attnum) AS listed
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped GROUP BY a.attrelid)
SELECT c.oid::regclass::text, concat_ws(E'\\n', c.relkind, 'owner ' || pg_get_userbyid(c.relowner),
  c.relpersistence, 'row security ' || c.relrowsecurity, 'forced ' || c.relforcerowsecurity,
  c.relreplident, c.reloptions::text, CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
  pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid), columns.listed)
FROM relations c LEFT JOIN columns ON columns.attrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
"""
_SEQUENCE = """owners AS (
  SELECT d.objid, format('of %s.%s', d.refobjid::regclass, a.attname) AS said FROM pg_depend d
  JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))
SELECT c.oid::regclass::text, concat_ws(' ', 'owner ' || pg_get_userbyid(c.relowner), s.seqtypid::regtype,
  s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle, owners.said)
FROM pg_sequence s JOIN relations c ON c.oid = s.seqrelid LEFT JOIN owners ON owners.objid = c.oid
"""
_POLICY = """whom AS (
  SELECT p.oid, string_agg(name, ', ' ORDER BY name) AS listed FROM pg_policy p, unnest(p.polroles) r,
    LATERAL (SELECT CASE WHEN r = 0 THEN 'public' ELSE pg_get_userbyid(r) END AS name) named GROUP BY p.oid)
SELECT format('%s on %s', p.polname, p.polrelid::regclass), concat_ws(E'\\n', p.polcmd, p.polpermissive,
  'for ' || whom.listed, 'using ' || pg_get_expr(p.polqual, p.polrelid),
  'check ' || pg_get_expr(p.polwithcheck, p.polrelid))
FROM pg_policy p JOIN relations c ON c.oid = p.polrelid LEFT JOIN whom ON whom.oid = p.oid
"""
_TRIGGER = """none AS (SELECT)
SELECT format('%s on %s', t.tgname, t.tgrelid::regclass),
  format('%s %s', t.tgenabled, pg_get_triggerdef(t.oid))
FROM pg_trigger t JOIN relations c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
"""
_EVENT_TRIGGER = """none AS (SELECT)
SELECT e.evtname, concat_ws(' ', e.evtevent, e.evtenabled, e.evtfoid::regprocedure, e.evttags::text,
  pg_get_userbyid(e.evtowner)) FROM pg_event_trigger e
"""
_FUNCTION = """none AS (SELECT)
SELECT p.oid::regprocedure::text, concat_ws(E'\\n', 'owner ' || pg_get_userbyid(p.proowner),
  CASE WHEN p.prokind = 'a' THEN 'aggregate ' || pg_get_function_arguments(p.oid)
    ELSE pg_get_functiondef(p.oid) END)
FROM functions p
"""
_TYPE = """labels AS (
  SELECT l.enumtypid, string_agg(l.enumlabel, ', ' ORDER BY l.enumsortorder) AS listed FROM pg_enum l
  GROUP BY l.enumtypid)
SELECT t.oid::regtype::text, concat_ws(E'\\n', t.typtype, 'owner ' || pg_get_userbyid(t.typowner),
  labels.listed, CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END, t.typnotnull,
  t.typdefault)
FROM types t LEFT JOIN labels ON labels.enumtypid = t.oid
"""
# The state of its own triggers too: a foreign key whose trigger is switched off guards nothing.
_CONSTRAINT = """guards AS (
  SELECT t.tgconstraint,
    string_agg(t.tgenabled::text, '' ORDER BY t.tgrelid::regclass::text, t.tgtype) AS states
  FROM pg_trigger t WHERE t.tgconstraint <> 0 GROUP BY t.tgconstraint)
SELECT format('%s on %s', k.conname, CASE WHEN k.conrelid <> 0 THEN k.conrelid::regclass::text
    ELSE k.contypid::regtype::text END),
  concat_ws(E'\\n', pg_get_constraintdef(k.oid), 'validated ' || k.convalidated, guards.states)
FROM pg_constraint k JOIN ours n ON n.oid = k.connamespace LEFT JOIN guards ON guards.tgconstraint = k.oid
WHERE (k.conrelid = 0 OR k.conrelid IN (SELECT oid FROM relations))
"""
_INDEX = """none AS (SELECT)
SELECT i.indexrelid::regclass::text, concat_ws(E'\\n', pg_get_indexdef(i.indexrelid), i.indisvalid,
  i.indisreplident, i.indisclustered)
FROM pg_index i JOIN relations c ON c.oid = i.indexrelid
"""
_RULE = """none AS (SELECT)
SELECT format('%s on %s', r.rulename, r.ev_class::regclass),
  concat_ws(' ', r.ev_enabled, pg_get_ruledef(r.oid))
FROM pg_rewrite r JOIN relations c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN'
"""
_STATISTICS = """none AS (SELECT)
SELECT format('%I.%I', n.nspname, s.stxname), pg_get_statisticsobjdef(s.oid)
FROM pg_statistic_ext s JOIN ours n ON n.oid = s.stxnamespace
"""
_EXTENSION = """none AS (SELECT)
SELECT extname, extversion FROM pg_extension
"""
# Numbers below 16384 are PostgreSQL's own.
_COMMENT = """none AS (SELECT)
SELECT format('%s %s', d.classoid::regclass, pg_describe_object(d.classoid, d.objoid, d.objsubid)),
  d.description FROM pg_description d
WHERE d.objoid >= 16384 AND (d.classoid, d.objoid) NOT IN (TABLE foreign_to_us)
"""
# An access list as sorted lines "who may what, given by whom"; without a list, the rights by default.
_GRANT = """lists AS (
  SELECT format('table %s', c.oid::regclass) AS name, coalesce(c.relacl, acldefault('r', c.relowner)) AS acl
    FROM relations c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  UNION ALL SELECT format('sequence %s', c.oid::regclass), coalesce(c.relacl, acldefault('s', c.relowner))
    FROM relations c WHERE c.relkind = 'S'
  UNION ALL SELECT format('column %s.%s', c.oid::regclass, a.attname), a.attacl
    FROM pg_attribute a JOIN relations c ON c.oid = a.attrelid
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
  UNION ALL SELECT format('function %s', p.oid::regprocedure), coalesce(p.proacl, acldefault('f', p.proowner))
    FROM functions p
  UNION ALL SELECT format('type %s', t.oid::regtype), coalesce(t.typacl, acldefault('T', t.typowner))
    FROM types t
  UNION ALL SELECT format('schema %s', n.nspname), coalesce(n.nspacl, acldefault('n', n.nspowner)) FROM ours n
  UNION ALL SELECT 'the database', coalesce(d.datacl, acldefault('d', d.datdba))
    FROM pg_database d WHERE d.datname = current_database()),
lines AS (SELECT l.name, format('%s %s%s by %s',
    CASE WHEN a.grantee = 0 THEN 'public' ELSE pg_get_userbyid(a.grantee) END, a.privilege_type,
    CASE WHEN a.is_grantable THEN ' (may pass on)' ELSE '' END, pg_get_userbyid(a.grantor)) AS line
  FROM lists l, aclexplode(l.acl) a)
SELECT l.name, coalesce(string_agg(lines.line, E'\\n' ORDER BY lines.line), 'nobody')
FROM lists l LEFT JOIN lines ON lines.name = l.name GROUP BY l.name
"""
_FUTURE_GRANT = """lines AS (
  SELECT format('%s of %s in %s, %s', d.defaclobjtype, pg_get_userbyid(d.defaclrole),
    coalesce(n.nspname, 'every schema'),
    CASE WHEN a.grantee = 0 THEN 'public' ELSE pg_get_userbyid(a.grantee) END) AS name,
    format('%s%s', a.privilege_type, CASE WHEN a.is_grantable THEN ' (may pass on)' ELSE '' END) AS line
  FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a)
SELECT name, string_agg(line, E'\\n' ORDER BY line) FROM lines GROUP BY name
"""

TABLES = _OURS + _TABLES
SEQUENCES = _OURS + _SEQUENCES
OBJECTS = {
    kind: _OURS + question
    for kind, question in {
        "schema": _SCHEMA,
        "relation": _RELATION,
        "sequence": _SEQUENCE,
        "policy": _POLICY,
        "trigger": _TRIGGER,
        "event trigger": _EVENT_TRIGGER,
        "function": _FUNCTION,
        "type": _TYPE,
        "constraint": _CONSTRAINT,
        "index": _INDEX,
        "rule": _RULE,
        "statistics": _STATISTICS,
        "extension": _EXTENSION,
        "comment": _COMMENT,
        "grant": _GRANT,
        "future grant": _FUTURE_GRANT,
    }.items()
}
