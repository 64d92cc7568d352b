{{ asc_wds_values(
    'chk_asc_wds__workplace_value', 'ret_asc_wds__workplace', asc_wds_workplace_columns(),
    ['address1', 'address2', 'address3', 'posttown', 'postcode']
) }}
