with

expected as (
    select * from {{ ref('int_expected_returns') }}
    where form = 'operating_funding'
),

returns as (
    select * from {{ ref('stg_returns__operating_funding') }}
    where is_latest_for_branch
),

operating_standards as (
    select * from {{ ref('int_standards_in_force') }}
    where standard = 'operating_funding'
),

party_work_standards as (
    select * from {{ ref('int_standards_in_force') }}
    where standard = 'party_work_funding'
),

bands as (
    select * from {{ ref('int_funding_bands') }}
),

weak_branches as (
    select * from {{ ref('int_weak_branches') }}
),

measured as (
    select
        {{ branch_columns('expected') }},
        extract(year from expected.period_end) as year,
        extract(quarter from expected.period_end) as quarter,
        expected.period,
        expected.period_end,
        weak_branches.branch_code is not null as is_weak,
        returns.branch_code is not null as has_return,
        {{ reported_state('fiscal_transfer') }},
        {{ reported_state('party_work_subsidy') }},
        {{ reported_state('other_subsidy') }},
        {{ reported_state('collective_income') }},
        {{ reported_state('total') }},
        {{ reported_state('operating_spend') }},
        {{ reported_state('staff_pay') }},
        {{ reported_state('debt_balance') }},
        {{ quantity_yuan('fiscal_transfer') }} as fiscal_transfer_yuan,
        {{ quantity_yuan('party_work_subsidy') }} as party_work_subsidy_yuan,
        {{ quantity_yuan('other_subsidy') }} as other_subsidy_yuan,
        {{ quantity_yuan('collective_income') }} as collective_income_yuan,
        {{ quantity_yuan('total') }} as total_stated_yuan,
        {{ quantity_yuan('operating_spend') }} as operating_spend_yuan,
        {{ quantity_yuan('staff_pay') }} as staff_pay_yuan,
        {{ quantity_yuan('debt_balance') }} as debt_balance_yuan,
        operating_standards.amount as standard_yuan,
        operating_standards.raised_amount as raised_standard_yuan,
        operating_standards.scope_code as standard_scope_code,
        operating_standards.source_document as standard_source,
        party_work_standards.amount as party_work_standard_yuan,
        {{ provenance_columns() }}
    from expected
    left join returns
        on expected.branch_code = returns.branch_code and expected.period = returns.period
    left join operating_standards
        on {{ in_force('operating_standards', 'expected') }}
    left join party_work_standards
        on {{ in_force('party_work_standards', 'expected') }}
    left join weak_branches
        on expected.branch_code = weak_branches.branch_code and expected.period_end = weak_branches.period_end
),

judged as (
    select
        measured.*,
        {{ standard_status('fiscal_transfer', 'standard_yuan') }} as status,
        {{ standard_status('party_work_subsidy', 'party_work_standard_yuan') }} as party_work_status,
        {{ shortfall('fiscal_transfer_yuan', 'standard_yuan') }} as gap_yuan,
        {{ shortfall('fiscal_transfer_yuan', 'raised_standard_yuan') }} as raised_gap_yuan,
        {{ shortfall('party_work_subsidy_yuan', 'party_work_standard_yuan') }} as party_work_gap_yuan,
        {{ sum_of_kinds(['fiscal_transfer', 'party_work_subsidy', 'other_subsidy', 'collective_income']) }}
            as total_received_yuan
    from measured
)

select
    {{ branch_columns('judged') }},
    cast(judged.year as integer) as year,
    cast(judged.quarter as integer) as quarter,
    judged.period,
    judged.period_end,
    judged.quarter = 4 as is_full_year,
    judged.is_weak,
    judged.has_return,
    judged.status,
    judged.fiscal_transfer_state,
    judged.fiscal_transfer_yuan,
    {{ to_wan('judged.fiscal_transfer_yuan') }} as fiscal_transfer_wan,
    judged.standard_yuan,
    {{ to_wan('judged.standard_yuan') }} as standard_wan,
    judged.standard_scope_code,
    judged.standard_source,
    judged.gap_yuan,
    {{ to_wan('judged.gap_yuan') }} as gap_wan,
    judged.raised_standard_yuan,
    {{ to_wan('judged.raised_standard_yuan') }} as raised_standard_wan,
    judged.raised_gap_yuan,
    {{ to_wan('judged.raised_gap_yuan') }} as raised_gap_wan,
    bands.band,
    bands.label_zh as band_zh,
    judged.party_work_subsidy_state,
    judged.party_work_subsidy_yuan,
    {{ to_wan('judged.party_work_subsidy_yuan') }} as party_work_subsidy_wan,
    judged.party_work_standard_yuan,
    {{ to_wan('judged.party_work_standard_yuan') }} as party_work_standard_wan,
    judged.party_work_gap_yuan,
    {{ to_wan('judged.party_work_gap_yuan') }} as party_work_gap_wan,
    judged.party_work_status,
    judged.other_subsidy_state,
    judged.other_subsidy_yuan,
    {{ to_wan('judged.other_subsidy_yuan') }} as other_subsidy_wan,
    judged.collective_income_state,
    judged.collective_income_yuan,
    {{ to_wan('judged.collective_income_yuan') }} as collective_income_wan,
    judged.total_received_yuan,
    {{ to_wan('judged.total_received_yuan') }} as total_received_wan,
    judged.total_state as total_stated_state,
    judged.total_stated_yuan,
    {{ to_wan('judged.total_stated_yuan') }} as total_stated_wan,
    judged.operating_spend_state,
    judged.operating_spend_yuan,
    {{ to_wan('judged.operating_spend_yuan') }} as operating_spend_wan,
    judged.staff_pay_state,
    judged.staff_pay_yuan,
    {{ to_wan('judged.staff_pay_yuan') }} as staff_pay_wan,
    judged.debt_balance_state,
    judged.debt_balance_yuan,
    {{ to_wan('judged.debt_balance_yuan') }} as debt_balance_wan,
    judged.file_sha256,
    judged.sheet_name,
    judged.table_number,
    judged.row_number,
    judged.received_at
from judged
left join bands
    on
        (
            bands.lower_yuan is null
            or judged.fiscal_transfer_yuan > bands.lower_yuan
            or (judged.fiscal_transfer_yuan = bands.lower_yuan and bands.is_lower_included)
        )
        and (
            bands.upper_yuan is null
            or judged.fiscal_transfer_yuan < bands.upper_yuan
            or (judged.fiscal_transfer_yuan = bands.upper_yuan and bands.is_upper_included)
        )
        and judged.fiscal_transfer_yuan is not null
