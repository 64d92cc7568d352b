-- A cluster linked to two spells of one day stands twice where client type, sex or age differ between them.
select
    {{ membership_columns(
        measure="'ASCOF 2D part 1'",
        submitter='la_code',
        person='person_key',
        event='cluster_id',
        record='first_record_id',
        role="case when has_died or was_readmitted or entered_care_home then 'denominator' else 'numerator' end",
        reason="case when has_died then 'died' when was_readmitted then 'readmitted'"
            ~ " when entered_care_home then 'entered_care_home' end",
        evidence="concat('discharged ', cast(discharge_date as varchar(10)), ', reablement from ',"
            ~ " cast(episode_start as varchar(10)))",
    ) }},
    period_id,
    reporting_period,
    area,
    client_type,
    gender,
    age_group,
    has_died,
    was_readmitted,
    entered_care_home
from {{ ref('ascof__2d_linked') }}
