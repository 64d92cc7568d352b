{{ cld_staged_record(
    'cld_assessment',
    codes=cld_event_codes()['cld_assessment'],
    texts=cld_event_texts().get('cld_assessment', [])
) }}
