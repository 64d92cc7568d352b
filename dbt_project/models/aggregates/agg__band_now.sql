-- A location answers from what its own senders recorded; what another organisation knows is not its to tell.
select
    supported.location_id,
    supported.person_key,
    supported.is_counted,
    band.band,
    min(coalesce(band.record_key, supported.record_key)) as record_key,
    min(band.evidence) as evidence
from {{ ref('agg__person_supported_now') }} as supported
inner join {{ ref('agg__person_band') }} as band on supported.person_key = band.person_key
left join {{ ref('core__submitter_sender') }} as own
    on supported.location_id = own.submitter_id and band.sender_id = own.sender_id
where supported.is_supported and (band.sender_id is null or own.sender_id is not null)
group by supported.location_id, supported.person_key, supported.is_counted, band.band
