{{ config(materialized='table') }}
-- A table, for twenty labels are looked up for each record, and many models and tests read it.
{{ cld_staged_record(
    'cld_assessment',
    codes=cld_event_codes()['cld_assessment'],
    texts=cld_event_texts().get('cld_assessment', [])
) }}
