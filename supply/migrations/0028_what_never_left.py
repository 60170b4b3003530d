from django.db import migrations

# What never left is confirmed by nobody. And a consignment of which nothing arrived after all, because the
# one arrival was taken back, is under way again: only from there can all of it be lost.
RULES = """
CREATE FUNCTION supply_check_confirmed_was_sent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM supply_consignmentline WHERE id = NEW.line_id AND sent > 0) THEN
    RAISE EXCEPTION 'nothing of it was sent'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'confirmation_of_what_was_sent';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER is_of_what_was_sent BEFORE INSERT ON supply_confirmation FOR EACH ROW
  WHEN (NEW.corrects_id IS NULL) EXECUTE FUNCTION supply_check_confirmed_was_sent();

CREATE FUNCTION supply_take_arrival_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE supply_consignment AS c SET state = 'sent'
    WHERE c.id = (SELECT consignment_id FROM supply_consignmentline WHERE id = NEW.line_id)
      AND c.state = 'arrived'
      AND NOT EXISTS (SELECT FROM supply_consignmentline WHERE consignment_id = c.id AND received > 0)
      AND EXISTS (SELECT FROM supply_movement WHERE id = NEW.movement_id AND reverses_id IS NOT NULL);
  RETURN NULL;
END $$;
-- Named so that it comes after adds_to_its_line: triggers of one event go by their names.
CREATE TRIGGER goes_back_to_sent AFTER INSERT ON supply_consignmentbooking FOR EACH ROW
  WHEN (NEW.kind = 'received') EXECUTE FUNCTION supply_take_arrival_back();
"""
BACK = """
DROP TRIGGER goes_back_to_sent ON supply_consignmentbooking;
DROP FUNCTION supply_take_arrival_back();
DROP TRIGGER is_of_what_was_sent ON supply_confirmation;
DROP FUNCTION supply_check_confirmed_was_sent();
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0027_rice_equivalents")]
    operations = [migrations.RunSQL(RULES, BACK)]
