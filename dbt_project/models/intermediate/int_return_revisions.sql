{%- set levels = ['township', 'county'] -%}
with

versions as (
    select * from {{ ref('int_return_versions') }}
),

beside_the_one_before as (
    select
        *,
        lag(value) over each_field as old_value,
        lag(state) over each_field as old_state,
        lag(amount) over each_field as old_amount,
        lag(reporting_unit_code) over each_field as old_reporting_unit_code,
        lag(batch_id) over each_field as old_batch_id,
        lag(file_sha256) over each_field as old_file_sha256,
        lag(file_name) over each_field as old_file_name,
        lag(sheet_name) over each_field as old_sheet_name,
        lag(table_number) over each_field as old_table_number,
        lag(row_number) over each_field as old_row_number,
        lag(received_at) over each_field as old_received_at
    from versions
    window each_field as (partition by form, period, branch_code, field order by version_number)
),

-- A branch lies where the register has it on the period's last day, else where it was last.
branches as (
    select * from {{ ref('stg_register__branches') }}
),

periods as (
    select distinct
        branch_code,
        period_end
    from versions
),

placed as (
    select
        periods.period_end,
        branches.*,
        row_number() over (
            partition by periods.branch_code, periods.period_end
            order by
                case
                    when
                        (branches.valid_from is null or branches.valid_from <= periods.period_end)
                        and (branches.valid_to is null or branches.valid_to >= periods.period_end)
                        then 0
                    else 1
                end,
                branches.valid_from desc,
                branches.branch_name desc
        ) as register_rank
    from periods
    inner join branches
        on periods.branch_code = branches.branch_code
),

moved as (
    select
        beside_the_one_before.*,
        placed.branch_name as register_name,
        placed.township_code,
        placed.township_name,
        placed.county_code,
        placed.county_name,
        placed.city_code,
        placed.city_name,
        case
            when beside_the_one_before.is_additive
                then coalesce(beside_the_one_before.amount, 0) - coalesce(beside_the_one_before.old_amount, 0)
        end as amount_moved,
        case when beside_the_one_before.amount is null then 0 else 1 end
        - case when beside_the_one_before.old_amount is null then 0 else 1 end as known_more
    from beside_the_one_before
    left join placed
        on
            beside_the_one_before.branch_code = placed.branch_code
            and beside_the_one_before.period_end = placed.period_end
            and placed.register_rank = 1
),

-- A file is taken in as a whole: every row of it sees the totals before the file and after it.
totalled as (
    select
        {% for level in levels %}
        {% for amount, name in [('amount_moved', 'total'), ('known_more', 'known')] %}
        sum({{ amount }}) over (
            partition by form, field, period, {{ level }}_code order by received_at, file_sha256
        ) as {{ level }}_{{ name }},
        sum({{ amount }}) over (
            partition by form, field, period, {{ level }}_code, received_at, file_sha256
        ) as {{ name }}_moved_in_{{ level }},
        {% endfor %}
        {% endfor %}
        *
    from moved
)

select
    form,
    field,
    period,
    branch_code,
    coalesce(register_name, branch_name) as branch_name,
    township_code,
    township_name,
    county_code,
    county_name,
    city_code,
    city_name,
    old_reporting_unit_code,
    reporting_unit_code,
    old_value,
    old_state,
    value as new_value,
    state as new_state,
    old_batch_id,
    old_file_sha256,
    old_file_name,
    old_sheet_name,
    old_table_number,
    old_row_number,
    batch_id,
    file_sha256,
    file_name,
    sheet_name,
    table_number,
    row_number,
    amount_moved,
    -- Of nothing that is known the sum is unknown, not 0.
    {% for level in levels %}
    case
        when {{ level }}_known > known_moved_in_{{ level }} then {{ level }}_total - total_moved_in_{{ level }}
    end as {{ level }}_total_before,
    case when {{ level }}_known > 0 then {{ level }}_total end as {{ level }}_total_after,
    {% endfor %}
    version_number = versions as counts_now,
    period_end,
    old_received_at,
    received_at
from totalled
where
    version_number > 1
    and (coalesce(old_value, '') <> coalesce(value, '') or old_state <> state)
