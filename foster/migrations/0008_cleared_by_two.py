from django.db import migrations

# What a sponsor reads was cleared by a foster officer in their own name, and stays as it was cleared: no SQL
# statement slipped in by its author publishes it, names a colleague, or changes it afterwards. The system
# (commands, and what tests set up) passes.
CLEARED = """
CREATE FUNCTION foster_keep_update() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  decided text[] := '{state,cleared_by_id,published_at}';
  who bigint := public.core_who();
BEGIN
  IF public.core_role() = 'system' THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' OR NEW.author_id IS DISTINCT FROM who
    THEN RAISE EXCEPTION 'an update begins as a draft of its author'
      USING ERRCODE = 'restrict_violation'; END IF;
    RETURN NEW;
  END IF;
  IF OLD.state IN ('published', 'withdrawn')
     AND to_jsonb(OLD) - decided IS DISTINCT FROM to_jsonb(NEW) - decided
  THEN RAISE EXCEPTION 'what was published stays as it was' USING ERRCODE = 'restrict_violation'; END IF;
  IF OLD.state || '>' || NEW.state = 'review>published' THEN
    IF to_jsonb(OLD) - decided IS DISTINCT FROM to_jsonb(NEW) - decided
       OR NEW.cleared_by_id IS DISTINCT FROM who OR public.core_role() IS DISTINCT FROM 'foster_officer'
    THEN RAISE EXCEPTION 'nobody clears for another' USING ERRCODE = 'restrict_violation'; END IF;
    RETURN NEW;
  END IF;
  IF (NEW.cleared_by_id, NEW.published_at) IS DISTINCT FROM (OLD.cleared_by_id, OLD.published_at)
     OR (NEW.state = 'published' AND OLD.state <> 'published')
     OR (OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn')
     OR (OLD.state = 'published' AND NEW.state NOT IN ('published', 'withdrawn'))
  THEN RAISE EXCEPTION 'no such step of an update' USING ERRCODE = 'restrict_violation'; END IF;
  IF (NEW.title, NEW.text, NEW.title_ja, NEW.text_ja, NEW.author_id)
       IS DISTINCT FROM (OLD.title, OLD.text, OLD.title_ja, OLD.text_ja, OLD.author_id)
     AND NEW.author_id IS DISTINCT FROM who
  THEN RAISE EXCEPTION 'who changes a text is its author' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER update_is_cleared BEFORE INSERT OR UPDATE ON foster_childupdate
  FOR EACH ROW EXECUTE FUNCTION foster_keep_update();

CREATE FUNCTION foster_keep_photo() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_update bigint[];
BEGIN
  of_update := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.update_id] WHEN 'DELETE' THEN ARRAY[OLD.update_id]
                          ELSE ARRAY[OLD.update_id, NEW.update_id] END;
  IF public.core_role() IS DISTINCT FROM 'system' AND EXISTS (
    SELECT FROM unnest(of_update) AS wanted LEFT JOIN public.foster_childupdate AS found ON found.id = wanted
    WHERE coalesce(found.state, '') NOT IN ('draft', 'review')
  ) THEN RAISE EXCEPTION 'photos are put in and taken out before it is published'
    USING ERRCODE = 'restrict_violation'; END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER photo_is_cleared BEFORE INSERT OR UPDATE OR DELETE ON foster_updatephoto
  FOR EACH ROW EXECUTE FUNCTION foster_keep_photo();
"""
BACK = """
DROP TRIGGER photo_is_cleared ON foster_updatephoto;
DROP FUNCTION foster_keep_photo();
DROP TRIGGER update_is_cleared ON foster_childupdate;
DROP FUNCTION foster_keep_update();
"""


class Migration(migrations.Migration):
    dependencies = [("foster", "0007_sponsors_stay_themselves")]
    operations = [migrations.RunSQL(CLEARED, BACK)]
