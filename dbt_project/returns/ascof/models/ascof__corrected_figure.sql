{{ config(materialized='view') }}

-- The official figure is the figure; the corrected one shows what a known error of the official code is worth.
with corrected_2e as (
    select
        'settled_needs_local_id_2e' as variant,
        wanted.period_id,
        wanted.la_code,
        wanted.measure,
        wanted.description,
        wanted.age_or_sex_group,
        count(distinct case when member.is_settled then member.person_key end) as numerator,
        count(distinct member.person_key) as denominator
    from {{ ref('ascof__2e_group') }} as wanted
    left join {{ ref('mbr_ascof__2e') }} as member
        on
            wanted.period_id = member.period_id
            and wanted.la_code = member.submitter_id
            and wanted.measure = member.measure
            and wanted.age_band = member.age_band
            and (
                wanted.age_or_sex_group = 'Total'
                or {{ same_text('wanted.age_or_sex_group') }} = {{ same_text('member.gender') }}
            )
            and member.role in ('numerator', 'denominator')
    group by
        wanted.period_id, wanted.la_code, wanted.measure, wanted.description, wanted.age_or_sex_group
),

corrected_3d as (
    select
        'blank_component_3d_carers' as variant,
        figure.period_id,
        figure.la_code,
        figure.measure,
        figure.description,
        figure.age_or_sex_group,
        count(
            distinct case
                when carer.support_rank <= case when figure.description like '1b%' then 2 else 1 end
                    then carer.person_key
            end
        ) as numerator,
        count(distinct carer.person_key) as denominator
    from {{ ref('ascof__3d_figure') }} as figure
    left join {{ ref('ascof__3d_carer') }} as carer
        on
            carer.variant = 'blank_component_3d_carers'
            and figure.period_id = carer.period_id
            and figure.la_code = carer.la_code
            and carer.support_rank between 1 and 3
            and (figure.age_or_sex_group = 'Total' or figure.age_or_sex_group = carer.age_band)
            and carer.age_band <> 'Under 18'
    where figure.measure = 'ASCOF 3D (Carers)'
    group by
        figure.period_id, figure.la_code, figure.measure, figure.description, figure.age_or_sex_group
),

corrected as (
    select * from {{ ref('ascof__corrected_2b2c') }}
    union all
    select * from corrected_2e
    union all
    select * from corrected_3d
)

select
    {{ official_cell_id(official_item('figure.measure', 'figure.description'),
        'figure.age_or_sex_group', 'figure.la_code', 'figure.period_id') }} as cell_id,
    corrected.variant as known_error,
    figure.period_id,
    figure.reporting_period,
    figure.la_code,
    figure.la_name,
    figure.measure,
    figure.description,
    figure.age_or_sex_group,
    figure.numerator as official_numerator,
    figure.denominator as official_denominator,
    figure.outcome as official_outcome,
    corrected.numerator as corrected_numerator,
    corrected.denominator as corrected_denominator,
    coalesce({{ rate(
        'corrected.numerator', 'corrected.denominator',
        "case when corrected.measure in ('ASCOF 2B', 'ASCOF 2C') then 100000 else 100 end", 1
    ) }}, 0) as corrected_outcome
from corrected
inner join {{ ref('ascof__figure') }} as figure
    on
        corrected.period_id = figure.period_id
        and corrected.la_code = figure.la_code
        and corrected.measure = figure.measure
        and coalesce(corrected.description, '') = coalesce(figure.description, '')
        and corrected.age_or_sex_group = figure.age_or_sex_group
