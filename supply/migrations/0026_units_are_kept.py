from django.db import migrations

# Every amount of an item is written in its base unit: of a pack, a level, a plan, a line of a consignment or
# of a count as well as of a movement. With another unit 25 kg would read as 25 g.
KEPT = """
CREATE FUNCTION supply_keep_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM supply_movement WHERE item_id = OLD.id)
     OR EXISTS (SELECT FROM supply_stockcount WHERE item_id = OLD.id)
     OR EXISTS (SELECT FROM supply_countline WHERE item_id = OLD.id)
     OR EXISTS (SELECT FROM supply_pack WHERE item_id = OLD.id)
     OR EXISTS (SELECT FROM supply_stocklevel WHERE item_id = OLD.id)
     OR EXISTS (SELECT FROM supply_consignmentline WHERE item_id = OLD.id)
     OR EXISTS (SELECT FROM supply_standingplanline WHERE item_id = OLD.id) THEN
    RAISE EXCEPTION 'amounts of the item are written in its unit'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'item_unit_is_kept';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER unit_is_kept ON supply_item;
CREATE TRIGGER unit_is_kept BEFORE UPDATE ON supply_item FOR EACH ROW
  WHEN (OLD.base_unit IS DISTINCT FROM NEW.base_unit) EXECUTE FUNCTION supply_keep_unit();
"""
BACK = """
DROP TRIGGER unit_is_kept ON supply_item;
DROP FUNCTION supply_keep_unit();
CREATE TRIGGER unit_is_kept BEFORE UPDATE ON supply_item FOR EACH ROW
  WHEN (OLD.base_unit IS DISTINCT FROM NEW.base_unit)
  EXECUTE FUNCTION supply_keep_if_moved('item_id', 'item_unit_is_kept');
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0025_numbers_of_lots")]
    operations = [migrations.RunSQL(KEPT, BACK)]
