from django.db import migrations

# As shelters.selectors.with_heads, night by night: who stays; where nobody is registered, the last head count
# up to the day, unless the registered left after it. With the rights of whoever asks.
PERSON_DAYS = """
CREATE FUNCTION shelters_person_days(shelter bigint, first date, last date) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(sum(
    CASE WHEN here.staying > 0 THEN here.staying
         WHEN here.last_left IS NULL OR counted.counted_on >= here.last_left THEN counted.people
    END), 0)
  FROM public.shelters_shelter
  CROSS JOIN generate_series(first, last, '1 day') AS night(day)
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE nights @> day::date) AS staying, max(upper(nights)) AS last_left
    FROM public.shelters_stay
    WHERE shelter_id = shelter AND NOT is_planned AND lower(nights) <= day::date
  ) AS here
  LEFT JOIN LATERAL (
    SELECT people, counted_on FROM public.shelters_headcount
    WHERE shelter_id = shelter AND counted_on <= day::date ORDER BY counted_on DESC LIMIT 1
  ) AS counted ON true
  WHERE id = shelter AND opened_on <= day::date AND coalesce(closed_on > day::date, true)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0009_who_writes_a_stay")]
    operations = [
        migrations.RunSQL(PERSON_DAYS, "DROP FUNCTION shelters_person_days(bigint, date, date)"),
    ]
