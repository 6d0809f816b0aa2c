-- Who has forbidden calls and was erased since is known by a mark alone, which programs make of the number they dial.
set local role switchhook_owner;

-- What stands for a number in lists and consents besides itself: its mark, where the tenant has it there; else the
-- token. marks: all that it may have, with blanks between. It reads as one tenant, whoever asks.
create function dial_token(tenant uuid, token text, marks text) returns text language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    was  text := current_setting('app.tenant', true);
    mark text;
begin
    if marks is null or tenant <> coalesce(current_tenant(), tenant) then return token; end if;
    perform set_config('app.tenant', tenant::text, true);
    select x.number into mark
      from (select e.number from dnc_entries e
             where e.tenant_id = tenant and e.number = any (string_to_array(marks, ' '))
             union all
            select r.number from consent_records r
             where r.tenant_id = tenant and r.number = any (string_to_array(marks, ' '))) x
     limit 1;
    perform set_config('app.tenant', coalesce(was, ''), true);
    return coalesce(mark, token);
end $$;
reset role;
alter function dial_token owner to switchhook_app;
revoke execute on function dial_token from public;
grant execute on function dial_token to switchhook_app, switchhook_ingest;
set local role switchhook_owner;

-- The audit names nobody; what it tells of a person all the same, by an id that another system gave him or in a tag, is
-- blanked. The entry keeps its hash, which those behind it go on from, and an entry at the end of the chain says how it
-- stands since: whoever blanks something else is found.
create function audit_blank(said jsonb) returns jsonb language sql immutable as $$
    select case jsonb_typeof(said)
        when 'object' then (select coalesce(jsonb_object_agg(key, audit_blank(value)), '{}') from jsonb_each(said))
        when 'array' then (select coalesce(jsonb_agg(audit_blank(value)), '[]') from jsonb_array_elements(said))
        when 'string' then '"[erased]"' else said end
$$;

create or replace function audit_frozen() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        if current_user = 'switchhook_owner' and new.detail = audit_blank(old.detail)
           and (new.id, new.tenant_id, new.seq, new.actor, new.action, new.object, new.created_at, new.hash)
               = (old.id, old.tenant_id, old.seq, old.actor, old.action, old.object, old.created_at, old.hash)
           and new.origin is not distinct from old.origin then
            return new;
        end if;
    end if;
    raise exception 'audit entries are never changed' using errcode = 'insufficient_privilege';
end $$;

-- Blanks the entries about these things (ids and sids) and those that hold one of these words. How many.
create function audit_redact(erasure uuid, things text[], words text[]) returns bigint language plpgsql volatile
    security definer set search_path = pg_catalog, public as $$
declare
    e audit_entries;
    n bigint := 0;
begin
    for e in update audit_entries a
                set detail = audit_blank(a.detail)
              where a.tenant_id = current_tenant() and a.detail <> audit_blank(a.detail)
                and a.action not like 'erasure.%' and a.action <> 'audit.redact' and a.action not like 'hold.%'
                and (a.object = any (things) or a.detail::text like any (erase_patterns(words)))
            returning a.* loop
        perform audit_add('sweep', 'audit.redact', e.id::text,
                          jsonb_build_object('seq', e.seq, 'erasure', erasure, 'old', encode(e.hash, 'hex'), 'new',
                              encode(audit_hash(e.hash, e), 'hex')), null);
        n := n + 1;
    end loop;
    return n;
end $$;
create policy redact on audit_entries to switchhook_owner using (tenant_id = current_tenant());
revoke execute on function audit_redact from public;
grant execute on function audit_redact to switchhook_app;

create or replace function audit_broken() returns table (tenant_id uuid, seq bigint, why text) language sql stable as $$
    select distinct on (x.tenant_id) x.tenant_id, x.seq,
           case when x.seq <> x.before + 1 then 'entries before it are missing' else 'it is not what was written' end
      from (select e.tenant_id, e.seq, e.hash, e.id, coalesce(lag(e.seq) over w, 0) as before,
                   audit_hash(coalesce(lag(e.hash) over w, ''::bytea), e) as want, audit_hash(e.hash, e) as redacted
              from audit_entries e
            window w as (partition by e.tenant_id order by e.seq)) x
     where x.seq <> x.before + 1
        or x.hash is distinct from x.want
           and not exists (select from audit_entries r
                            where r.tenant_id = x.tenant_id and r.seq > x.seq and r.action = 'audit.redact'
                              and r.object = x.id::text and r.detail ->> 'old' = encode(x.hash, 'hex')
                              and r.detail ->> 'new' = encode(x.redacted, 'hex'))
     order by x.tenant_id, x.seq
$$;
