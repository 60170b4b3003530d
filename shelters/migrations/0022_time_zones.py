from django.db import migrations, models

# A month is over when it is over at every shelter: until then its days can be booked there.
OVER = """
CREATE FUNCTION shelters_earliest_day(at timestamptz) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT min((at AT TIME ZONE time_zone)::date) FROM public.shelters_shelter WHERE closed_on IS NULL
$$;

CREATE FUNCTION shelters_month_is_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.month >= date_trunc('month', public.shelters_earliest_day(now())::timestamp)::date THEN
    RAISE EXCEPTION 'the month is not over at every shelter'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'month_closing_when_over';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER is_over_everywhere BEFORE INSERT ON supply_monthclosing
  FOR EACH ROW EXECUTE FUNCTION shelters_month_is_over();
"""
BACK = """
DROP TRIGGER is_over_everywhere ON supply_monthclosing;
DROP FUNCTION shelters_month_is_over();
DROP FUNCTION shelters_earliest_day(timestamptz);
"""
ZONES = [
    ("Asia/Tokyo", "Japan / Korea"),
    ("Asia/Shanghai", "China / Mongolia"),
    ("Asia/Bangkok", "Thailand / Laos / Vietnam / Cambodia"),
    ("Asia/Vladivostok", "Far East of Russia"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("shelters", "0021_allowances_taken_back"),
        ("supply", "0017_route_sites"),
    ]

    operations = [
        migrations.AddField(
            model_name="shelter",
            name="time_zone",
            field=models.CharField(
                choices=ZONES, default="Asia/Tokyo", max_length=20, verbose_name="time zone"
            ),
        ),
        migrations.AddConstraint(
            model_name="shelter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("time_zone__in", ["Asia/Tokyo", "Asia/Shanghai", "Asia/Bangkok", "Asia/Vladivostok"])
                ),
                name="shelter_time_zone_is_known",
                violation_error_message="Choose a time zone of the list.",
            ),
        ),
        migrations.RunSQL(OVER, BACK),
    ]
