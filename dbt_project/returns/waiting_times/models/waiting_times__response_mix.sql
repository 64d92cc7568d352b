{{- waiting_time_mix('Wait time to first response', {
    'response_event_request': "wait.response_event_type = 'Request'",
    'response_event_assessment': "wait.response_event_type = 'Assessment'",
    'response_event_service': "wait.response_event_type = 'Service'",
    'at_short': "wait.response_event_type = 'Assessment' and wait.response_assessment_type = 'short term assessment'",
    'at_long': "wait.response_event_type = 'Assessment' and wait.response_assessment_type = 'long term assessment'",
    'at_invalid_and_not_mapped':
        "wait.response_event_type = 'Assessment' and wait.response_assessment_type = 'invalid and not mapped'",
    'at_null': "wait.response_event_type = 'Assessment' and wait.response_assessment_type is null",
}) -}}
