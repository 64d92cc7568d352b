{{ asc_wds_values(
    'chk_asc_wds__training_value', 'ret_asc_wds__training', asc_wds_training_columns(),
    ['uniqueworkerid', 'notes', 'trainingname', 'providername']
) }}
