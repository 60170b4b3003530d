from django.db import migrations

# What a person may do is read from this table by every row policy (core_role), so who may change it is
# settled here and not by the app alone. The owner of the table migrates; all others say who they are.
KEEP = """
CREATE FUNCTION accounts_keep_user() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE role text := public.core_role();
BEGIN
  IF role IN ('administrator', 'system')
     OR current_user = (SELECT relowner::regrole::text FROM pg_class WHERE oid = TG_RELID) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.role = 'system' AND NOT NEW.is_active THEN
    RETURN NEW;  -- the actor of scheduled work, made at first need; nobody logs in as it
  END IF;
  IF TG_OP = 'INSERT' THEN
    RAISE EXCEPTION 'a log-in is given by an administrator'
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'user_is_given';
  END IF;
  IF (NEW.role, NEW.email, NEW.name) IS DISTINCT FROM (OLD.role, OLD.email, OLD.name)
     OR (NEW.is_active AND NOT OLD.is_active)
     OR (OLD.is_active AND NOT NEW.is_active AND (role IS NULL OR role = 'sponsor')) THEN
    RAISE EXCEPTION 'a log-in is changed by an administrator'
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'user_is_kept';
  END IF;
  IF NEW.password <> OLD.password AND OLD.id IS DISTINCT FROM public.core_who() THEN
    RAISE EXCEPTION 'a password is set by its person'
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'user_password_is_ones_own';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER log_in_is_kept BEFORE INSERT OR UPDATE ON accounts_user
  FOR EACH ROW EXECUTE FUNCTION accounts_keep_user();
"""
BACK = "DROP TRIGGER log_in_is_kept ON accounts_user; DROP FUNCTION accounts_keep_user()"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_devices_and_links")]
    operations = [migrations.RunSQL(KEEP, BACK)]
