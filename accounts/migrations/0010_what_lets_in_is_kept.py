from django.db import migrations

# Whoever may write what lets somebody in may come in as them. So a factor is its person's own from its first
# row on, and a link is made by who invites, used once and never pointed at another. Both tables are read
# before there is a person, so no row policy can say it.
KEPT = """
CREATE FUNCTION accounts_keep_factor() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE role text := public.core_role(); who bigint := public.core_who();
BEGIN
  IF role = 'system' THEN RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.user_id IS DISTINCT FROM who AND role IS DISTINCT FROM 'administrator'
    THEN RAISE EXCEPTION 'a factor is removed by its person or an administrator'
      USING ERRCODE = 'insufficient_privilege'; END IF;
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' AND (OLD.id, OLD.user_id, OLD.type) IS DISTINCT FROM (NEW.id, NEW.user_id, NEW.type)
  THEN RAISE EXCEPTION 'a factor stays its person''s' USING ERRCODE = 'restrict_violation'; END IF;
  IF NEW.user_id IS DISTINCT FROM who AND (TG_OP = 'INSERT' OR NEW.data IS DISTINCT FROM OLD.data)
  THEN RAISE EXCEPTION 'a factor is set up and used by its person'
    USING ERRCODE = 'insufficient_privilege'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER factor_is_kept BEFORE INSERT OR UPDATE OR DELETE ON mfa_authenticator
  FOR EACH ROW EXECUTE FUNCTION accounts_keep_factor();

CREATE FUNCTION accounts_keep_link() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE role text := public.core_role();
BEGIN
  IF role = 'system' THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' AND role IS DISTINCT FROM 'administrator'
  THEN RAISE EXCEPTION 'a link is made by an administrator' USING ERRCODE = 'insufficient_privilege'; END IF;
  IF TG_OP = 'UPDATE' AND (to_jsonb(OLD) - 'used_at' IS DISTINCT FROM to_jsonb(NEW) - 'used_at'
                           OR OLD.used_at IS NOT NULL)
  THEN RAISE EXCEPTION 'a link is used once and not changed' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER link_is_kept BEFORE INSERT OR UPDATE ON accounts_loginlink
  FOR EACH ROW EXECUTE FUNCTION accounts_keep_link();
"""
BACK = """
DROP TRIGGER link_is_kept ON accounts_loginlink;
DROP FUNCTION accounts_keep_link();
DROP TRIGGER factor_is_kept ON mfa_authenticator;
DROP FUNCTION accounts_keep_factor();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_nobody_raises_themselves"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunSQL(KEPT, BACK)]
