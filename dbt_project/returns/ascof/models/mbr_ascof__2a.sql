select
    {{ membership_columns(
        measure="'ASCOF 2A'",
        submitter='la_code',
        person='person_key',
        event="concat(la_code, ':', cast(cluster_number as varchar(20)), ':', cast(episode_start as varchar(10)))",
        record='last_record_id',
        role="case when not is_counted then 'excluded' when in_numerator then 'numerator'"
            ~ " when in_denominator then 'denominator' else 'excluded' end",
        reason="case when not is_counted then not_counted_because when in_denominator then cast(null as varchar(40))"
            ~ " when is_unable_to_classify then 'unable_to_classify' else 'outcome_not_counted' end",
        evidence="concat('sequel ', sequel_type, ': ', final_outcome, '; episode ',"
            ~ " cast(episode_start as varchar(10)), ' to ', cast(episode_end as varchar(10)))",
    ) }},
    period_id,
    reporting_period,
    age_band,
    sequel_type,
    final_outcome
from {{ ref('ascof__2a_episode') }}
