{#- A code for somebody or something, made from a key and a purpose: the same for one purpose every time, and of no use
    for any other. A person_key is itself a keyed hash, so nobody without the client's secret can go back. -#}
{% macro coded_id(purpose, key) -%}
    upper(substring({{ sha256_hex("'" ~ purpose ~ ":' || " ~ key) }}, 1, 16))
{%- endmacro %}

{% macro sha256_hex(text) -%}
    {{ adapter.dispatch('sha256_hex')(text) }}
{%- endmacro %}

{% macro default__sha256_hex(text) -%} sha256({{ text }}) {%- endmacro %}

{% macro spark__sha256_hex(text) -%} sha2({{ text }}, 256) {%- endmacro %}
