{{ cld_staged_record(
    'cld_service',
    codes=cld_event_codes()['cld_service'],
    texts=cld_event_texts().get('cld_service', [])
) }}
