with versions as (
    select
        *,
        {{ newest_version_first() }} as newest_first
    from {{ source('raw', 'subject_of_care') }}
)

select
    _extract_id || ':' || _source_file || ':' || cast(_source_row as string) as version_key,
    _record_key as record_key,
    _sender_id as sender_id,
    {{ england_date('_as_at') }} as known_on,
    _sender_id || ':' || subject_of_care_id as person_record_key,
    record_uid,
    version_number,
    newest_first = 1 as is_newest,
    deceased_date as death_date
from versions
where deceased_date is not null or lower(is_deceased) = 'yes'
