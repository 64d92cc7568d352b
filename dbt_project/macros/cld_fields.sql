{#- The 50 fields of the file in their official order: the row column that holds each, to which rows it applies, and
    for which rows it is mandatory (none where blank is always allowed). Conditions are those of
    data/standards/cld/R2/fields.csv, in words there, in SQL here, over the columns of agg__cld_row. -#}
{% macro cld_fields() %}
{%- set event = 'not ' ~ cld_says('client_type', 'Unpaid carer known by association') -%}
{%- set user = cld_starts('client_type', 'Service user') -%}
{%- set carer = cld_starts('client_type', 'Unpaid carer') -%}
{%- set request = "(coalesce(event_type = 'Request', false) and " ~ event ~ ')' -%}
{%- set assessment = "(coalesce(event_type = 'Assessment', false) and " ~ event ~ ')' -%}
{%- set service = "(coalesce(event_type = 'Service', false) and " ~ event ~ ')' -%}
{%- set review = "(coalesce(event_type = 'Review', false) and " ~ event ~ ')' -%}
{%- set financial = cld_starts('assessment_type', 'Financial Assessment') -%}
{%- set costed -%}
    ({{ service }}
    and not coalesce(lower(delivery_mechanism) like '%cassr commissioned support%', false)
    and (
        {{ cld_starts('service_type', 'Long term') }}
        or {{ cld_starts('service_type', 'Unpaid carer support') }}
        or {{ cld_says('service_component', 'Short term residential care') }}
        or {{ cld_says('service_component', 'Short term nursing care') }}
        or {{ cld_says('service_component', 'Unpaid carer respite') }}
    ))
{%- endset -%}
{%- set often -%}
    ({{ costed }}
    and (
        {{ cld_says('cost_frequency_unit_type', 'Hourly') }}
        or {{ cld_says('cost_frequency_unit_type', 'Daily') }}
        or {{ cld_says('cost_frequency_unit_type', 'Per session') }}
    ))
{%- endset -%}
{%- set employable -%}
    ({{ user }}
    and coalesce(age_at_period_end between 18 and 64, false)
    and {{ cld_says('primary_support_reason', 'Learning disability support') }})
{%- endset -%}
{%- set funded -%}
    ({{ user }}
    and (coalesce(event_type in ('Service', 'Review'), false) or (coalesce(event_type = 'Assessment', false) and {{ financial }})))
{%- endset -%}
{%- set ended = '(' ~ event ~ " and (coalesce(event_type <> 'Service', true) or date_of_death is not null))" -%}
{{- return([
    ['LA_Code', 'true', 'true'],
    ['Reporting_Period_Start_Date', 'true', 'true'],
    ['Reporting_Period_End_Date', 'true', 'true'],
    ['NHS_Number', 'true', 'true'],
    ['LA_Person_Unique_Identifier', 'true', 'true'],
    ['First_Name', 'true', none],
    ['Last_Name', 'true', none],
    ['GP_Practice_Name', 'true', none],
    ['GP_Practice_Code', 'true', none],
    ['Gender', 'true', 'true'],
    ['Ethnicity', 'true', 'true'],
    ['Date_of_Birth', 'true', 'true'],
    ['Date_of_Death', 'true', none],
    ['Client_Type', 'true', 'true'],
    ['Primary_Support_Reason', 'true', "coalesce(event_type <> 'Request', true)"],
    ['Postcode', 'true', 'true'],
    ['Accommodation_Status', 'true', 'true'],
    ['Employment_Status', 'true', employable],
    ['Has_Unpaid_Carer', 'true', 'true'],
    ['Autism_Spectrum_Disorder_ASD', user, none],
    ['Visual_Impairment', user, none],
    ['Hearing_Impairment', user, none],
    ['Dementia', user, none],
    ['Client_Funding_Status', user, funded],
    ['Event_Type', event, event],
    ['Event_Reference', event, none],
    ['Event_Start_Date', event, event],
    ['Event_End_Date', event, ended],
    ['Event_Description', event, none],
    ['Event_Outcome', event, '(' ~ event ~ ' and not ' ~ cld_says('assessment_type', 'Financial Assessment') ~ ')'],
    ['Request_Route_of_Access', request, request],
    ['Assessment_Type', assessment, assessment],
    ['Eligible_Needs_Identified', assessment, none],
    ['Method_of_Assessment', assessment, '(' ~ assessment ~ ' and not ' ~ financial ~ ')'],
    ['Total_Hrs_Caring_per_week', carer, none],
    ['No_of_adults_being_cared_for', carer, none],
    ['Adult_1_Linked_Person_ID', carer, none],
    ['Adult_2_Linked_Person_ID', carer, none],
    ['Adult_3_Linked_Person_ID', carer, none],
    ['Service_Type', service, service],
    ['Service_Component', service, service],
    ['Delivery_Mechanism', service, none],
    ['Provider_CQC_Location_Name', service, none],
    ['Provider_CQC_Location_ID', service, none],
    ['Review_Reason', review, review],
    ['Review_Outcomes_Achieved', review, '(' ~ review ~ ' and ' ~ cld_starts('review_reason', 'Planned') ~ ')'],
    ['Method_of_Review', review, review],
    ['Unit_Cost', service, costed],
    ['Cost_Frequency_Unit_Type', service, costed],
    ['Planned_Units_Per_Week', service, often],
]) -}}
{% endmacro %}

{#- Whether a row of the file has a value in a field. Identifying values are not in agg__cld_row, only the fact. -#}
{% macro cld_is_filled(field) -%}
    {%- if field in ['NHS_Number', 'First_Name', 'Last_Name', 'Date_of_Birth', 'Postcode', 'Event_Description'] -%}
        coalesce(has_{{ field | lower }}, false)
    {%- else -%}
        {{ field | lower }} is not null
    {%- endif -%}
{%- endmacro %}
