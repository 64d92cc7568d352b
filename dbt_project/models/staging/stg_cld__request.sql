{{ config(materialized='table') }}
-- A table, for twenty labels are looked up for each record, and many models and tests read it.
{{ cld_staged_record(
    'cld_request',
    codes=cld_event_codes()['cld_request'],
    texts=cld_event_texts().get('cld_request', [])
) }}
