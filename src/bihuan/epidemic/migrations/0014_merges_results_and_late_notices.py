import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_initial'),
        ('epidemic', '0013_sources_of_cases'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges', to='epidemic.case')),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'since'], name='casemerge_case')],
                'constraints': [models.UniqueConstraint(condition=Q(('until', None)), fields=('case',), name='casemerge_open_once')],
            },
        ),
        migrations.AddField(
            model_name='spill',
            name='late_reason',
            field=models.CharField(blank=True, default='', max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='fevervisit',
            name='result_at',
            field=models.DateTimeField(null=True),
        ),
        # The audit knows when a file was merged last; where it does not, the merge holds from the report on.
        migrations.RunSQL(
            "INSERT INTO epidemic_casemerge (case_id, since) "
            "SELECT c.id, coalesce((SELECT max(e.at) FROM audit_entry e "
            "WHERE e.action = 'case.merge' AND e.subject = 'case:' || c.id), c.reported_at) "
            "FROM epidemic_case c WHERE c.merged_into_id IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        # When earlier results were known is not: they count from the sample, as they did.
        migrations.RunSQL(
            "UPDATE epidemic_fevervisit SET result_at = tested_at "
            "WHERE result IN ('negative', 'positive')",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='fevervisit',
            constraint=models.CheckConstraint(condition=models.Q(('result_at', None), ('result__in', ('negative', 'positive')), _connector='OR'), name='fevervisit_result_known'),
        ),
    ]
