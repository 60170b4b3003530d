from django.db import migrations

# As 0008, and: nobody changes their own rights, an administrator included; who is not the person can only
# make a password unusable.
KEEP = """
CREATE OR REPLACE FUNCTION accounts_keep_user() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE role text := public.core_role();
BEGIN
  IF role = 'system'
     OR current_user = (SELECT relowner::regrole::text FROM pg_class WHERE oid = TG_RELID) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.id = public.core_who()
     AND (NEW.role <> OLD.role OR (NEW.is_active AND NOT OLD.is_active)) THEN
    RAISE EXCEPTION 'nobody changes their own rights'
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'user_rights_are_not_ones_own';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.password <> OLD.password AND OLD.id IS DISTINCT FROM public.core_who()
     AND NOT (role = 'administrator' AND NEW.password LIKE '!%') THEN
    RAISE EXCEPTION 'a password is set by its person'
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'user_password_is_ones_own';
  END IF;
  IF role = 'administrator' THEN
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
  RETURN NEW;
END $$;
"""
# The count of ended log-ins goes up one at a time: pushed to its end, nobody could end a log-in any more.
COUNT = """
CREATE OR REPLACE FUNCTION accounts_locked_down_stays_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.is_active
     AND EXISTS (SELECT FROM accounts_lockdown WHERE person_id = NEW.id AND lifted_at IS NULL) THEN
    RAISE EXCEPTION 'a person who is locked down may not log in'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'user_locked_down_stays_out';
  END IF;
  IF NEW.log_ins_ended NOT IN (OLD.log_ins_ended, OLD.log_ins_ended + 1) THEN
    RAISE EXCEPTION 'log-ins that were ended do not come to life again'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'user_ended_log_ins_stay_ended';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_log_ins_are_kept")]
    # Backwards the functions stay as they are: what 0004 and 0008 made, only stricter.
    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
