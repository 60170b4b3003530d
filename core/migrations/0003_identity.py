from django.db import migrations

# Who the running transaction acts for, when the app can prove that it says so (core/identity.py).
# `who:scope:seal`, the seal being sha256(secret, sha256(secret, "who:scope")). The table of secrets is the
# owner's alone; the functions run with the owner's rights and give away no more than the answer.
IDENTITY = """
CREATE TABLE core_identitysecret (secret bytea PRIMARY KEY);

CREATE FUNCTION core_identity() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  parts text[] := string_to_array(nullif(current_setting('app.identity', true), ''), ':');
  said bytea := convert_to(parts[1] || ':' || parts[2], 'UTF8');
BEGIN
  IF parts IS NULL OR cardinality(parts) <> 3 THEN RETURN NULL; END IF;
  IF EXISTS (SELECT FROM public.core_identitysecret AS s
             WHERE encode(sha256(s.secret || sha256(s.secret || said)), 'hex') = parts[3]) THEN
    RETURN parts[1:2];
  END IF;
  RETURN NULL;
END $$;

-- The person's key; NULL for nobody and for the system.
CREATE FUNCTION core_who() RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE who text := (public.core_identity())[1];
BEGIN
  RETURN CASE WHEN who ~ '^[0-9]+$' THEN who::bigint END;
END $$;

CREATE FUNCTION core_scope() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT (core_identity())[2]
$$;
"""
BACK = """
DROP FUNCTION core_scope();
DROP FUNCTION core_who();
DROP FUNCTION core_identity();
DROP TABLE core_identitysecret;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_append_only")]
    operations = [migrations.RunSQL(IDENTITY, BACK)]
