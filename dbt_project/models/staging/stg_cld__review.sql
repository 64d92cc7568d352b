{{ cld_staged_record(
    'cld_review',
    codes=cld_event_codes()['cld_review'],
    texts=cld_event_texts().get('cld_review', [])
) }}
