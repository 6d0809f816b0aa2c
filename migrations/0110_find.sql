-- Rows found by a part of a telephone number.
set local role switchhook_owner;

-- Does a number hold the digits of what somebody has typed? "020 7946", "+44 (0)20" and "0044 20" are read as people
-- mean them; one digit says nothing, and a number that is sealed holds none.
create function number_holds(e164 text, part text) returns boolean language sql immutable parallel safe as $$
    select e164 like '+%' and part ~ '^[0-9+ ()./-]+$' and length(digits) > 1 and strpos(e164, digits) > 0
      from (select ltrim(regexp_replace(replace(part, '(0)', ''), '[^0-9]', '', 'g'), '0') as digits) d
$$;
