{{- waiting_time_mix('Wait time to first service', {
    'sts_st_max': "wait.service_type = 'short term support: st-max'",
    'lts_nursing': "wait.service_type = 'long term support: nursing care'",
    'sts_ongoing': "wait.service_type = 'short term support: ongoing low level'",
    'lts_community': "wait.service_type = 'long term support: community'",
    'lts_residential': "wait.service_type = 'long term support: residential care'",
    'lts_prison': "wait.service_type = 'long term support: prison'",
    'sts_other': "wait.service_type = 'short term support: other short term'",
    'invalid_and_not_mapped': "wait.service_type = 'invalid and not mapped'",
    'null_type': 'wait.service_type is null',
}) -}}
