"""What a unit keeps of its own gates, and the goals a place sets itself."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """New tables alone."""

    dependencies = [
        ('command', '0004_plenaries'),
        ('orgs', '0005_lean_venues'),
        ('places', '0002_population'),
    ]

    operations = [
        migrations.CreateModel(
            name='Entrance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(db_collation='C', max_length=64)),
                ('name', models.CharField(max_length=60)),
                ('opened_at', models.DateTimeField()),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.org')),
            ],
        ),
        migrations.CreateModel(
            name='EntranceDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('on_duty', models.CharField(max_length=20)),
                ('visitors', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=200)),
                ('expires_at', models.DateTimeField()),
                ('entrance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days', to='command.entrance')),
            ],
        ),
        migrations.CreateModel(
            name='GoalSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(db_collation='C', max_length=64)),
                ('title', models.CharField(max_length=120)),
                ('source', models.CharField(max_length=200)),
                ('starts', models.DateField()),
                ('ends', models.DateField()),
                ('set_at', models.DateTimeField()),
                ('set_by', models.CharField(max_length=200)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
            ],
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('rule', models.CharField(blank=True, max_length=40)),
                ('most', models.FloatField(null=True)),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.post')),
                ('goal_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='command.goalset')),
            ],
        ),
        migrations.CreateModel(
            name='UnitAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(db_collation='C', max_length=64)),
                ('kind', models.CharField(choices=[('training', '培训'), ('offer', '已提供接种')], max_length=10)),
                ('day', models.DateField()),
                ('topic', models.CharField(max_length=120)),
                ('n', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=200)),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.org')),
            ],
        ),
        migrations.CreateModel(
            name='UnitDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(db_collation='C', max_length=64)),
                ('day', models.DateField()),
                ('staff', models.PositiveIntegerField()),
                ('declared', models.PositiveIntegerField()),
                ('ill', models.PositiveIntegerField(default=0)),
                ('missing', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=200)),
                ('expires_at', models.DateTimeField()),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.org')),
            ],
        ),
        migrations.CreateModel(
            name='UnitRoll',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(db_collation='C', max_length=64)),
                ('numbers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.CharField(max_length=200)),
                ('org', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.org')),
            ],
        ),
        migrations.AddConstraint(
            model_name='entrance',
            constraint=models.UniqueConstraint(fields=('org', 'name'), name='entrance_name_once'),
        ),
        migrations.AddConstraint(
            model_name='entranceday',
            constraint=models.UniqueConstraint(fields=('entrance', 'day'), name='entrance_day_once'),
        ),
        migrations.AddIndex(
            model_name='goalset',
            index=models.Index(fields=['scope', '-id'], name='goal_set_scope'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.UniqueConstraint(fields=('goal_set', 'position'), name='goal_position_once'),
        ),
        migrations.AddIndex(
            model_name='unitact',
            index=models.Index(fields=['org', '-day'], name='unit_act_org'),
        ),
        migrations.AddIndex(
            model_name='unitday',
            index=models.Index(fields=['day', 'scope'], name='unit_day_scope'),
        ),
        migrations.AddConstraint(
            model_name='unitday',
            constraint=models.UniqueConstraint(fields=('org', 'day'), name='unit_day_once'),
        ),
        migrations.AddConstraint(
            model_name='unitday',
            constraint=models.CheckConstraint(condition=models.Q(('declared__lte', models.F('staff')), ('ill__lte', models.F('staff'))), name='unit_day_within_staff'),
        ),
        migrations.AddIndex(
            model_name='unitroll',
            index=models.Index(fields=['scope'], name='unit_roll_scope'),
        ),
    ]
