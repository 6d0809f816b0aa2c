-- Decides about a command to a live call, and writes it down before Twilio is asked: command and what will see to it if
-- this program dies are one commit. user_id: whose calls alone may be touched, and those he was given and talks in;
-- null: anybody's. verdict: open; or forbidden, user, client (there is no such to transfer to), no_phone (nothing
-- rings there), no_digits, over, quiet (nobody talks), held, no_consult, consulting, silent (nothing is recorded) or
-- gate_...: of dial_caps(). No row: no such call.
-- CONFLICT: another command is under way. to_number may be sealed; gate_number is the number itself.
-- in  command_id uuid, call_id uuid?, sid text?, kind text, user_id uuid?, to_number text?, gate_number text?
-- in  region text, premium bool, target_user uuid?, target_client text?, target_client_id uuid?
-- in  digits text?, seconds int?, actor text, origin text?
-- out verdict text
-- maybe
with k as (
    select c.id, c.tenant_id, c.user_id, c.ended_at, c.twilio_call_sid, x.held, x.consult_sid, x.room,
           (select count(distinct l.role) = 2 and bool_or(l.status = 'in-progress')
              from call_legs l
             where l.call_id = c.id and l.role in ('customer', 'agent') and l.sid is distinct from x.consult_sid
               and (l.status = 'in-progress' or l.sid = c.twilio_call_sid and call_rank(l.status) < 4)) as talking,
           exists (select from call_legs l where l.tenant_id = c.tenant_id and l.sid = x.consult_sid
                      and call_rank(l.status) < 4) as consulting,
           exists (select from call_legs l
                    where l.call_id = c.id and l.role = 'agent' and l.sid is distinct from x.consult_sid
                      and call_rank(l.status) < 4 and leg_user(l.endpoint) = :user_id) as at_it,
           exists (select from recordings r where r.call_id = c.id and r.status in ('in-progress', 'paused'))
               as recording
      from calls c
      left join call_controls x on x.call_id = c.id
     where c.tenant_id = current_tenant()
       and c.id = coalesce(:call_id, (select l.call_id from call_legs l
                                       where l.tenant_id = current_tenant() and l.sid = :sid))
), target as (
    select :to_number as phone where :to_number is not null
     union all
    select user_rung(u) from users u
     where u.tenant_id = current_tenant() and u.id = :target_user and u.disabled_at is null
     union all
    select n.forward_to from clients n
     where n.tenant_id = current_tenant() and (n.id = :target_client_id or n.external_id = :target_client)
     limit 1
), v as (
    select k.id, k.tenant_id, k.room, t.phone,
           case when :user_id is not null and k.user_id is distinct from :user_id and not k.at_it then 'forbidden'
                when :target_user is not null and not exists (select from target) then 'user'
                when :target_client is not null and not exists (select from target) then 'client'
                when :kind in ('transfer', 'consult') and t.phone is null then 'no_phone'
                when :kind = 'dtmf' and :digits is null then 'no_digits'
                when k.ended_at is not null or k.twilio_call_sid is null then 'over'
                when :kind = 'end' then 'open'
                when :kind in ('complete', 'cancel') and k.consult_sid is null then 'no_consult'
                when :kind = 'cancel' then 'open'
                when :kind like 'recording%' and not k.recording then 'silent'
                when :kind like 'recording%' then 'open'
                when not k.talking then 'quiet'
                when :kind in ('transfer', 'consult', 'dtmf') and k.consulting then 'consulting'
                when :kind = 'dtmf' and k.held then 'held'
                when :to_number is not null
                then coalesce('gate_' || (dial_caps(current_tenant(), :gate_number, :region, :premium) ->> 'refused'),
                              'open')
                else 'open' end as word
      from k
      left join target t on true
), m as (
    insert into call_commands (id, tenant_id, call_id, kind, target, digits, seconds, actor)
    select :command_id, v.tenant_id, v.id, :kind, case when :kind in ('transfer', 'consult') then v.phone end, :digits,
           case when :kind = 'recording_pause' then coalesce(:seconds, 60) end, left(:actor, 200)
      from v
     where v.word = 'open'
    returning id, tenant_id, call_id, seconds
), x as (
    insert into call_controls (call_id, tenant_id, room)
    select m.call_id, m.tenant_id, case when :kind in ('hold', 'consult', 'dtmf') then 'call-' || m.call_id end from m
    on conflict (call_id) do update set room = coalesce(call_controls.room, excluded.room)
), later as (
    insert into jobs (tenant_id, kind, ref, due_at)
    select m.tenant_id, 'control', m.id::text, now() + interval '60 seconds' from m
     union all
    select m.tenant_id, 'unpause', m.call_id::text, now() + m.seconds * interval '1 second' from m
     where m.seconds is not null
    on conflict (ref, kind, tenant_id) do update
       set state = 'waiting', due_at = excluded.due_at, attempts = 0, finished_at = null, leased_until = null
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select m.tenant_id, 0, left(:actor, 200), 'call.' || :kind, m.call_id, '{}', left(:origin, 100), '' from m
)
select word as verdict from v;
