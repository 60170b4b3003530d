from django.db import migrations

# What every line held at the end of a day, from the ledger, in the shape of supply_balance. Asked with the
# rights of who asks: row policies hold. No window and no lock in it, so that a filter reaches the index.
STOCK_ON = """
CREATE FUNCTION supply_stock_on(p_day date)
RETURNS TABLE (id bigint, place_id bigint, item_id bigint, lot_id bigint, quantity numeric)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT b.id, held.place_id, held.item_id, held.lot_id, held.quantity FROM (
    SELECT c.place_id, c.item_id, c.lot_id, sum(c.change) AS quantity FROM (
      SELECT destination_id AS place_id, item_id, lot_id, quantity AS change
        FROM supply_movement WHERE occurred_on <= p_day
      UNION ALL
      SELECT source_id, item_id, lot_id, -quantity FROM supply_movement WHERE occurred_on <= p_day
    ) AS c GROUP BY c.place_id, c.item_id, c.lot_id HAVING sum(c.change) <> 0
  ) AS held
  -- Places whose stock is kept have a balance of each line that ever moved there.
  JOIN supply_balance AS b ON b.place_id = held.place_id AND b.item_id = held.item_id
    AND b.lot_id IS NOT DISTINCT FROM held.lot_id
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0006_consignments")]
    operations = [migrations.RunSQL(STOCK_ON, "DROP FUNCTION supply_stock_on(date)")]
