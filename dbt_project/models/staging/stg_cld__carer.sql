{{ config(materialized='table') }}
-- A table, for twenty labels are looked up for each record, and many models and tests read it.
{{ cld_staged_record(
    'cld_carer',
    codes=['total_hrs_caring_per_week'],
    texts=[
        'no_of_adults_being_cared_for',
        'adult_1_linked_person_id',
        'adult_2_linked_person_id',
        'adult_3_linked_person_id',
    ],
    is_event=false
) }}
