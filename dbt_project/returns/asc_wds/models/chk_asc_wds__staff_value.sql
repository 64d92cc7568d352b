{{ asc_wds_values(
    'chk_asc_wds__staff_value', 'ret_asc_wds__staff', asc_wds_staff_columns(),
    ['displayid', 'ninumber', 'dob', 'postcode', 'uniqueworkerid', 'chguniquewrkid', 'notes', 'mainjrdesc']
) }}
