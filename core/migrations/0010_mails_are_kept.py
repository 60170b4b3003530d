from django.db import migrations

# Everybody posts mails, so no row policy guards this table. But who may post one must not silence another:
# an evacuation calls by mail, and so does an alarm. The sender, which is the system, sends and gives up;
# people settle what waits for them and what the leak guard held back; nobody rewrites a mail.
KEEP = """
CREATE FUNCTION core_keep_mail() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  role text := public.core_role();
  settled text[] := '{state,claimed_at,trouble,sealed_body}';
BEGIN
  IF role = 'system' THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'queued' OR NEW.claimed_at IS NOT NULL THEN
      RAISE EXCEPTION 'a mail begins by waiting'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'outbox_begins_by_waiting';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - settled IS DISTINCT FROM to_jsonb(OLD) - settled
     OR (NEW.sealed_body <> OLD.sealed_body AND NOT (NEW.sealed_body = '' AND NEW.state = 'withdrawn')) THEN
    RAISE EXCEPTION 'a mail says what it was posted with'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'outbox_text_is_kept';
  END IF;
  IF NOT coalesce(
    -- Held back by who posts it, at once.
    (OLD.state = 'queued' AND NEW.state = 'held' AND OLD.posted_at >= now())
    OR (NEW.state IN ('queued', 'withdrawn') AND (
      (OLD.state IN ('failed', 'in_doubt') AND role IN ('administrator', 'foster_officer'))
      OR (OLD.state = 'held'
          AND role IN ('administrator', 'foster_officer', 'supply_coordinator', 'field_staff')))),
    false) THEN
    RAISE EXCEPTION 'a mail that waits is sent'
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'outbox_is_not_silenced';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mail_is_kept BEFORE INSERT OR UPDATE ON core_outboxmessage
  FOR EACH ROW EXECUTE FUNCTION core_keep_mail();
"""
BACK = """
DROP TRIGGER mail_is_kept ON core_outboxmessage;
DROP FUNCTION core_keep_mail();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0009_mails_are_sealed")]
    operations = [migrations.RunSQL(KEEP, BACK)]
