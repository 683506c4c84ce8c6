-- What the reference queries share.
-- noqa: disable=LT02

-- A quantity of a return: nil (reported as none) is 0, missing and exempt stay unknown.
create or replace temp macro quantity(value, state) as
    case when state = 'nil' then 0 else value end;

-- The county of a reporting unit: codes nest.
create or replace temp macro county_of(reporting_unit_code) as
    left(reporting_unit_code, 6);

-- How many times larger the larger is; unknown beside zero, which has no ratio.
create or replace temp macro times(value, other) as
    case when value > 0 and other > 0 then cast(greatest(value / other, other / value) as double) end;

-- The value of the branch's report before.
create or replace temp macro before(value, branch_code, period_end) as
    lag(value ignore nulls) over (partition by branch_code order by period_end);

-- How many times a value leaps against the same quarter of the year before; a difference below `at_least` is no leap.
create or replace temp macro leap_on_last_year(value, branch_and_quarter, period_end, at_least) as
    case
        when abs(value - before(value, branch_and_quarter, period_end)) < at_least then 1
        else times(value, before(value, branch_and_quarter, period_end))
    end;

-- The same within the year: what a cumulative figure (本年累计) may not fall below.
create or replace temp macro before_in_year(value, branch_code, period_end) as
    lag(value ignore nulls) over (partition by branch_code, year(period_end) order by period_end);

-- What the branch usually reports: the median of all its other reports, earlier and later.
create or replace temp macro usual(value, branch_code, period_end) as
    median(value) over (
        partition by branch_code order by period_end
        rows between unbounded preceding and unbounded following exclude current row
    );

-- What a report is held against first: the one before it; the very first, the one after it, once there are two.
create or replace temp macro neighbour(value, branch_code, period_end) as
    coalesce(
        lag(value ignore nulls) over (partition by branch_code order by period_end),
        case
            when count(value) over (partition by branch_code) > 2
                then lead(value ignore nulls) over (partition by branch_code order by period_end)
        end
    );

-- The smaller of two numbers; unknown if either is.
create or replace temp macro smaller(one, other) as
    case when one <= other then one when other < one then other end;

-- How many times a value jumps: away from its neighbour and from what the branch usually reports, whichever is less. So
-- one wrong report is found once and not again when the next one is right, and a lasting change is found where it
-- begins. A difference below `at_least` from the usual is no jump.
create or replace temp macro jump_between(value, neighbour, usual, at_least) as
    case
        when value is null or neighbour is null or usual is null then null
        when abs(value - usual) < at_least then 1
        else smaller(times(value, neighbour), times(value, usual))
    end;
create or replace temp macro jump(value, branch_code, period_end, at_least) as
    jump_between(
        value, neighbour(value, branch_code, period_end), usual(value, branch_code, period_end), at_least
    );

-- How far a number that hardly ever changes has moved, in the same sense.
create or replace temp macro change(value, branch_code, period_end) as
    smaller(
        abs(value - neighbour(value, branch_code, period_end)), abs(value - usual(value, branch_code, period_end))
    );

-- What is usual among peers (the same county and period, or what `peers` says), and how far a value lies from it in
-- robust standard deviations: 1.4826 times the median absolute deviation estimates one. Where peers are nearly alike
-- it counts as `at_least`; fewer than ten peers say nothing.
create or replace temp macro usual_of_peers(value, peers) as
    median(value) over (partition by peers);
create or replace temp macro distance_from_peers(value, peers, at_least) as
    case
        when count(value) over (partition by peers) >= 10
            then cast(
                abs(value - median(value) over (partition by peers))
                / greatest(1.4826 * mad(value) over (partition by peers), at_least) as double
            )
    end;

-- Where a file lay in the inbox: its county and township, however deep below them.
create or replace temp macro folder_of(file_name) as
    regexp_extract(file_name, '^((?:[^/]*/){0,2})', 1);

-- The first names of a list, and how many there are when those are not all.
create or replace temp macro some_of(names) as
    case
        when len(names) > 3 then array_to_string(list_slice(names, 1, 3), '、') || ' …（' || len(names) || '）'
        else array_to_string(names, '、')
    end;
