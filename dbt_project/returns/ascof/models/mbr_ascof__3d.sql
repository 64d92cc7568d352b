{#- Each description is its own measure of the same people: part 1 self-directed support, part 2 direct payments. -#}
{%- set parts = [
    ('1a', 'clients', 'ASCOF 3D (Clients)', 4,
        '1a - The proportion of clients who use services who receive self-directed support (%)'),
    ('2a', 'clients', 'ASCOF 3D (Clients)', 3,
        '2a - The proportion of clients who use services who receive direct payments (%)'),
    ('1b', 'carers', 'ASCOF 3D (Carers)', 2,
        '1b - The proportion of carers who use services who receive self-directed support (%)'),
    ('2b', 'carers', 'ASCOF 3D (Carers)', 1,
        '2b - The proportion of carers who use services who receive direct payments (%)'),
] -%}
with client as (
    select
        *,
        setting_rank as rank,
        setting_rank between 3 and 6 as in_scope,
        service_type as setting,
        setting_rank = 6 as is_unknown
    from {{ ref('ascof__3d_client') }}
),

carer as (
    select
        *,
        support_rank as rank,
        coalesce(support_rank between 1 and 3, false) as in_scope,
        coalesce(support_provided, 'no category') as setting,
        coalesce(support_rank = 4, false) as is_unknown
    from {{ ref('ascof__3d_carer') }}
    where variant = 'official'
)
{% for part, people, measure, last_rank, description in parts %}
select
    {{ membership_columns(
        measure="'" ~ measure ~ "'",
        submitter='la_code',
        person='person_key',
        event="concat(la_code, ':" ~ part ~ "')",
        record='first_record_id',
        role="case when age < 18 or not in_scope then 'excluded' when rank <= " ~ last_rank
            ~ " then 'numerator' else 'denominator' end",
        reason="case when age < 18 then 'under_18' when not in_scope then 'other_setting_or_support' end",
        evidence="concat('kept: ', setting)",
    ) }},
    period_id,
    reporting_period,
    '{{ description }}' as description,
    age_band,
    local_ids,
    is_unknown
from {{ people[:-1] }}
{{ 'union all' if not loop.last }}
{%- endfor %}
