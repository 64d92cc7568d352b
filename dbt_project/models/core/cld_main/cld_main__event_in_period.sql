-- Narrow on purpose: only what tells events apart and ranks their records. The wide row is joined once, later.
with chosen_spelling as (
    select
        chosen.file_number,
        chosen.submission_set,
        spelling.la_name,
        chosen.import_time,
        chosen.ref_period_start_date,
        chosen.ref_period_end_date
    from {{ ref('cld_main__chosen_file') }} as chosen
    inner join (select distinct la_name, import_time from {{ ref('cld_main__end_month') }}) as spelling
        on
            chosen.la_name_key = {{ same_text('spelling.la_name') }}
            and chosen.import_time = spelling.import_time
),

dated as (
    select
        submitted.*,
        chosen.file_number,
        chosen.submission_set,
        chosen.ref_period_start_date,
        chosen.ref_period_end_date,
        death.date_of_death as date_of_death_registered,
        death.registered_on as death_registered_on,
        case
            when run.death_source = 'register'
                and coalesce(submitted.der_nhs_number_traced_pseudo, submitted.der_nhs_number_pseudo) is not null
                then death.date_of_death
            else submitted.date_of_death
        end as death_date
    from {{ ref('stg_cld__submission_row') }} as submitted
    cross join {{ ref('stg_cld__method_run') }} as run
    inner join chosen_spelling as chosen
        on submitted.la_name = chosen.la_name and submitted.importdate = chosen.import_time
    left join {{ ref('stg_cld__registered_death') }} as death
        on
            {{ same_text('coalesce(submitted.der_nhs_number_traced_pseudo, submitted.der_nhs_number_pseudo)') }}
            = death.number_key
),

ended as (
    select
        *,
        case
            when death_date between event_start_date and event_end_date then death_date
            when death_date > event_start_date and event_end_date is null then death_date
            else event_end_date
        end as der_event_end_date,
        {{ same_text(official_person_id()) }} as person_key
    from dated
    where
        coalesce(der_nhs_number_traced_pseudo, der_nhs_number_pseudo, la_person_unique_identifier) is not null
)

select
    submitted.submission_set,
    submitted.file_number,
    submitted.der_unique_record_id,
    submitted.ref_period_start_date,
    submitted.ref_period_end_date,
    submitted.date_of_death_registered,
    submitted.death_registered_on,
    submitted.death_date,
    submitted.der_event_end_date,
    {{ tuple_key([
        'submitted.la_code',
        'submitted.event_start_date',
        'case when event_type.is_other_type then submitted.der_event_end_date end',
        'map_client_type.event_key_text',
        'submitted.person_key',
        'event_type.key_text',
        'case when event_type.is_request then map_request_route_of_access.event_key_text end',
        'case when event_type.is_assessment then map_assessment_type.event_key_text end',
        'case when event_type.is_service then map_service_type.event_key_text end',
        'case when event_type.is_service then map_service_component.event_key_text end',
    ]) }} as event_key,
    case
        when submitted.submission_set = 'single' and event_type.is_service
            then {{ tuple_key([
                "coalesce(map_delivery_mechanism.cleaned_key, '')",
                "coalesce(cast(submitted.unit_cost as varchar(20)), '')",
                "coalesce(map_cost_frequency_unit_type.cleaned_key, '')",
                "coalesce(cast(submitted.planned_units_per_week as varchar(20)), '')",
            ]) }}
    end as cost_key,
    coalesce(outcome_rank.outcome_rank, 999) as outcome_rank,
    submitted.der_conversation
from ended as submitted
inner join {{ ref('cld_main__event_type') }} as event_type on submitted.event_type = event_type.event_type
{% for field in [
    'client_type', 'request_route_of_access', 'assessment_type', 'service_type', 'service_component',
    'delivery_mechanism', 'cost_frequency_unit_type', 'event_outcome',
] -%}
{{ label_join(field) }}
{% endfor -%}
left join {{ ref('stg_cld__outcome_rank') }} as outcome_rank
    on map_event_outcome.cleaned_key = outcome_rank.outcome_key
where
    (submitted.death_date is null
        or (submitted.death_date >= submitted.ref_period_start_date
            and submitted.death_date >= submitted.event_start_date))
    and submitted.event_start_date <= submitted.ref_period_end_date
    and (
        (
            event_type.passes_as_service
            and (submitted.der_event_end_date is null
                or submitted.der_event_end_date >= submitted.ref_period_start_date)
        )
        or (
            not event_type.passes_as_service
            and submitted.der_event_end_date
            between submitted.ref_period_start_date and submitted.ref_period_end_date
        )
    )
