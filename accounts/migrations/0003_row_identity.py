from django.db import migrations

# The role of the person the transaction acts for, as the row policies ask it; a closed log-in has none.
ROLE = """
CREATE OR REPLACE FUNCTION core_role() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE who text := (public.core_identity())[1];
BEGIN
  IF who = 'system' THEN RETURN who; END IF;
  IF who !~ '^[0-9]+$' THEN RETURN NULL; END IF;
  RETURN (SELECT role FROM public.accounts_user WHERE id = who::bigint AND (is_active OR role = 'system'));
END $$;
"""
BACK = "CREATE OR REPLACE FUNCTION core_role() RETURNS text LANGUAGE sql STABLE AS $$ SELECT NULL::text $$;"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_append_only"), ("core", "0005_key_ring")]
    operations = [migrations.RunSQL(ROLE, BACK)]
