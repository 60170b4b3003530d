from django.db import migrations, models

# Who writes a row, by what the app could prove; the function is accounts' once its migration has run.
TRAIL = """
CREATE FUNCTION core_role() RETURNS text LANGUAGE sql STABLE AS $$ SELECT NULL::text $$;

-- One trigger function for every table. Arguments: kind of record, columns that are withheld, columns whose
-- change alone is no news (all separated by commas), and whether a new row needs no copy (it never changes).
-- It runs with the owner's rights: the app's role can write no row of the trail, and there is no switch.
CREATE FUNCTION core_write_trail() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  withheld text[] := string_to_array(TG_ARGV[1], ',');
  no_news text[] := string_to_array(TG_ARGV[2], ',');
  before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) ELSE '{}' END;
  after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) ELSE '{}' END;
  whole jsonb := before || after;
  kept_changes jsonb := '{}';
BEGIN
  IF TG_OP = 'UPDATE' AND (before - no_news) = (after - no_news) THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' OR TG_ARGV[3] <> 'immutable' THEN
    SELECT coalesce(jsonb_object_agg(name, CASE
        WHEN name = ANY(withheld) THEN jsonb_build_array(
          CASE WHEN before -> name <> 'null' THEN '[withheld]' END,
          CASE WHEN after -> name <> 'null' THEN '[withheld]' END)
        ELSE jsonb_build_array(before -> name, after -> name) END), '{}')
      INTO kept_changes FROM jsonb_object_keys(whole) AS name
      WHERE before -> name IS DISTINCT FROM after -> name;
  END IF;
  INSERT INTO public.core_trailentry
      (at, by_id, role, record_type, record_id, record_uuid, record_label, operation, changes)
    VALUES (clock_timestamp(), public.core_who(), coalesce(public.core_role(), session_user), TG_ARGV[0],
            coalesce(whole ->> 'id', whole ->> 'subject', ''),
            coalesce(whole ->> 'uuid', whole ->> 'owner')::uuid,
            CASE WHEN 'code' = ANY(withheld) THEN '' ELSE left(coalesce(whole ->> 'code', ''), 200) END,
            lower(TG_OP), kept_changes);
  RETURN NULL;
END $$;

-- The seal of a value is bound to its row's UUID: a row that could take another's would open its values.
CREATE FUNCTION core_keep_uuid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the UUID of % is kept for ever', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
# Every log, in the order of its keys, hashed on from the digest before. SHARE locks wait for rows that are
# being written, so that no row can turn up below a key that a digest has passed. Times as UTC: the same row
# always has the same text.
DIGEST = """
CREATE FUNCTION core_digest_of(tables text[], since jsonb, up_to jsonb, start text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE running bytea := decode(start, 'hex'); log text; line text;
BEGIN
  FOREACH log IN ARRAY tables LOOP
    FOR line IN EXECUTE format(
        'SELECT to_jsonb(r)::text FROM public.%I AS r WHERE id > $1 AND id <= $2 ORDER BY id', log)
      USING coalesce((since -> log ->> 'up_to')::bigint, 0), coalesce((up_to -> log ->> 'up_to')::bigint, 0)
    LOOP
      running := sha256(running || convert_to(log || line, 'UTF8'));
    END LOOP;
  END LOOP;
  RETURN encode(running, 'hex');
END $$;

-- It reads whatever it is told to: for the two below alone, who run it with the owner's rights.
REVOKE EXECUTE ON FUNCTION core_digest_of(text[], jsonb, jsonb, text) FROM PUBLIC;

CREATE FUNCTION core_take_digest(tables text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE last record; covers jsonb := '{}'; log text; highest bigint; number bigint; taken bigint;
BEGIN
  IF public.core_role() IS DISTINCT FROM 'system' THEN
    RAISE EXCEPTION 'digests are taken by the system' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- One at a time, and none while a log is being written.
  LOCK TABLE public.core_traildigest IN SHARE ROW EXCLUSIVE MODE;
  SELECT * INTO last FROM public.core_traildigest ORDER BY id DESC LIMIT 1;
  FOREACH log IN ARRAY tables LOOP
    EXECUTE format('LOCK TABLE public.%I IN SHARE MODE', log);
    EXECUTE format('SELECT coalesce(max(id), 0), count(*) FILTER (WHERE id > $1) FROM public.%I', log)
      INTO highest, number USING coalesce((last.covers -> log ->> 'up_to')::bigint, 0);
    covers := covers || jsonb_build_object(log, jsonb_build_object('rows', number, 'up_to', highest));
  END LOOP;
  INSERT INTO public.core_traildigest (at, covers, digest)
    VALUES (clock_timestamp(), covers, core_digest_of(tables, last.covers, covers,
                                                      coalesce(last.digest, repeat('0', 64))))
    RETURNING id INTO taken;
  RETURN taken;
END $$;

-- The keys of the digests that the logs no longer give.
CREATE FUNCTION core_broken_digests() RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE one record; before jsonb; running text := repeat('0', 64); tables text[];
BEGIN
  IF public.core_role() IS DISTINCT FROM 'system' THEN
    RAISE EXCEPTION 'digests are compared by the system' USING ERRCODE = 'insufficient_privilege';
  END IF;
  FOR one IN SELECT * FROM public.core_traildigest ORDER BY id LOOP
    SELECT array_agg(name ORDER BY name) INTO tables FROM jsonb_object_keys(one.covers) AS name;
    IF core_digest_of(tables, before, one.covers, running) <> one.digest THEN
      RETURN NEXT one.id;
    END IF;
    before := one.covers;
    running := one.digest;
  END LOOP;
END $$;
"""
BACK = """
DROP FUNCTION core_broken_digests();
DROP FUNCTION core_take_digest(text[]);
DROP FUNCTION core_digest_of(text[], jsonb, jsonb, text);
DROP FUNCTION core_keep_uuid() CASCADE;
DROP FUNCTION core_write_trail() CASCADE;
DROP FUNCTION core_role() CASCADE;
"""
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core_trailentry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core_traildigest
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
NO_LONGER = """
DROP TRIGGER append_only ON core_traildigest;
DROP TRIGGER append_only ON core_trailentry;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_identity")]
    operations = [
        migrations.CreateModel(
            name="TrailDigest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        primary_key=True, verbose_name="ID", auto_created=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("covers", models.JSONField(verbose_name="covers")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
            ],
            options={"verbose_name": "digest of the trail", "ordering": ["-id"]},
        ),
        migrations.CreateModel(
            name="TrailEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        primary_key=True, verbose_name="ID", auto_created=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("by_id", models.BigIntegerField(null=True)),
                ("role", models.CharField(max_length=63, verbose_name="as")),
                ("record_type", models.CharField(max_length=60, verbose_name="kind of record")),
                ("record_id", models.CharField(max_length=40)),
                ("record_uuid", models.UUIDField(null=True)),
                ("record_label", models.CharField(max_length=200, verbose_name="record")),
                (
                    "operation",
                    models.CharField(
                        choices=[("insert", "added"), ("update", "changed"), ("delete", "deleted")],
                        max_length=6,
                        verbose_name="what",
                    ),
                ),
                ("changes", models.JSONField(default=dict, verbose_name="changes")),
            ],
            options={
                "verbose_name": "written row",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["record_uuid", "-id"], name="trail_by_record"),
                    models.Index(fields=["by_id", "-id"], name="trail_by_person"),
                    models.Index(fields=["at"], name="trail_by_time"),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, NO_LONGER),
        migrations.RunSQL(TRAIL + DIGEST, BACK),
    ]
