-- What the method makes of each spelling. The official patterns are not exclusive, so neither are these.
with judged as (
    select
        submitted.spelling as event_type,
        run.event_type_source,
        submitted.event_key_text,
        submitted.raw_key,
        submitted.cleaned as event_type_cleaned,
        lower(submitted.spelling) like '%service%' as looks_like_service,
        lower(submitted.spelling) like '%request%' as looks_like_request,
        lower(submitted.spelling) like '%assessment%' as looks_like_assessment,
        lower(submitted.spelling) like '%review%' as looks_like_review
    from {{ ref('cld_main__spelling') }} as submitted
    cross join {{ ref('stg_cld__method_run') }} as run
    where submitted.field = 'event_type'
)

select
    event_type,
    event_type_cleaned,
    looks_like_service as passes_as_service,
    looks_like_review,
    event_key_text as key_text,
    case event_type_source when 'raw' then raw_key else {{ same_text('event_type_cleaned') }} end as count_key,
    case event_type_source when 'raw' then raw_key else {{ same_text('event_type_cleaned') }} end as measured_type,
    case event_type_source
        when 'raw'
            then case
                when looks_like_service then 'service'
                when looks_like_assessment then 'assessment'
                when looks_like_request then 'request'
                when looks_like_review then 'review'
                else 'invalid and not mapped'
            end
        else {{ same_text('event_type_cleaned') }}
    end as waiting_type,
    case event_type_source
        when 'raw' then looks_like_service
        else coalesce({{ is_label('event_type_cleaned', 'Service') }}, false)
    end as is_service,
    case event_type_source
        when 'raw' then not looks_like_service
        else coalesce(not {{ is_label('event_type_cleaned', 'Service') }}, false)
    end as is_other_type,
    case event_type_source
        when 'raw' then looks_like_request
        else coalesce({{ is_label('event_type_cleaned', 'Request') }}, false)
    end as is_request,
    case event_type_source
        when 'raw' then looks_like_assessment
        else coalesce({{ is_label('event_type_cleaned', 'Assessment') }}, false)
    end as is_assessment
from judged
