from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0018_sites_keep_their_key"),
    ]

    operations = [
        migrations.AddField(
            model_name="pack",
            name="name_ja",
            field=models.CharField(blank=True, max_length=50, verbose_name="Japanese name"),
        ),
        migrations.AddConstraint(
            model_name="pack",
            constraint=models.UniqueConstraint(
                condition=~Q(name_ja=""),
                fields=["item", "name_ja"],
                name="pack_one_japanese_name_an_item",
            ),
        ),
    ]
