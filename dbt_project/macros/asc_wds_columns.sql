{#- The columns of the ASC-WDS bulk upload files, in their order and in lower case. -#}
{% macro asc_wds_workplace_columns() -%}
    {{ return([
        'localestid', 'status', 'estname', 'address1', 'address2', 'address3', 'posttown', 'postcode', 'esttype',
        'othertype', 'permcqc', 'permla', 'regtype', 'provnum', 'locationid', 'mainservice', 'allservices', 'capacity',
        'utilisation', 'servicedesc', 'serviceusers', 'otheruserdesc', 'dha', 'dhaactivities', 'totalpermtemp',
        'alljobroles', 'starters', 'leavers', 'vacancies', 'reasons', 'reasonnos', 'repeattraining', 'cwpaware',
        'cwpuse', 'cwpusedesc', 'sickpay', 'pension', 'actualcont', 'optoutpen', 'holiday', 'sleepins', 'sleepinpay',
        'traveltime', 'ttdiffrate'
    ]) }}
{%- endmacro %}

{% macro asc_wds_staff_columns() -%}
    {%- set columns = [
        'localestid', 'uniqueworkerid', 'chguniquewrkid', 'transferstaffrecord', 'status', 'displayid', 'ninumber',
        'postcode', 'dob', 'gender', 'ethnicity', 'nationality', 'britishcitizenship', 'countryofbirth', 'yearofentry',
        'disabled', 'carecert', 'l2carecert', 'recsource', 'handcvisa', 'inoutuk', 'startdate', 'startinsect', 'dha',
        'apprentice', 'emplstatus', 'zerohrcont', 'dayssick', 'salaryint', 'salary', 'hourlyrate', 'mainjobrole',
        'mainjrdesc', 'conthours', 'avghours', 'nmcreg', 'amhp', 'scqual', 'nonscqual', 'cwpcategory'
    ] -%}
    {%- for number in range(1, 21) -%}
        {%- do columns.extend(['qualach%02d' % number, 'qualach%02dnotes' % number]) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{% macro asc_wds_training_columns() -%}
    {{ return([
        'localestid', 'uniqueworkerid', 'category', 'trainingname', 'accredited', 'whodelivered', 'providername',
        'howdelivered', 'validity', 'datecompleted', 'expirydate', 'notes'
    ]) }}
{%- endmacro %}

{#- How many entries of a list are read; there are fewer services, groups and job roles than that. -#}
{% macro asc_wds_most_entries() -%} 60 {%- endmacro %}
