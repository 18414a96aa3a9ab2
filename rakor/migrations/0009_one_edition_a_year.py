from django.db import migrations, models
from django.db.models import Count, Q


def look_for_doubles(apps, schema_editor):
    """Stop with the editions that plan the same year: which of them counts, only people know."""
    meetings = apps.get_model("rakor", "Meeting").objects.exclude(status="dibatalkan").order_by()
    doubled = meetings.values("province", "planning_year").annotate(n=Count("pk")).filter(n__gt=1)
    lines = [
        f"{row['planning_year']}: " + ", ".join(
            meetings.filter(province=row["province"], planning_year=row["planning_year"])
            .order_by("slug").values_list("slug", flat=True)
        )
        for row in doubled
    ]  # fmt: skip
    if lines:
        raise RuntimeError(
            "Several editions plan the same year; cancel all but one (with the version before this), then migrate "
            "again. " + "; ".join(lines)
        )


class Migration(migrations.Migration):
    dependencies = [("rakor", "0008_ceremonies")]

    operations = [
        migrations.RunPython(look_for_doubles, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                fields=["province", "planning_year"], condition=Q(("status", "dibatalkan"), _negated=True),
                name="meeting_one_per_year",
            ),
        ),
    ]  # fmt: skip
