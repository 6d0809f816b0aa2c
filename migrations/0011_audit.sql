-- Who did or saw what. Append-only and chained: each entry's hash covers the one before it.
set local role switchhook_owner;

create table audit_entries (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null,
    seq        bigint      not null,
    actor      text        not null check (length(actor) between 1 and 200),
    action     text        not null check (action ~ '^[a-z_]+\.[a-z_]+$'),
    object     text        not null check (length(object) <= 200),
    detail     jsonb       not null default '{}',
    origin     text        check (length(origin) <= 100),
    created_at timestamptz not null default clock_timestamp(),
    hash       bytea       not null,
    unique (tenant_id, seq)
);
comment on column audit_entries.actor is 'user:<id>, key:<prefix>, sweep, or operator:<login>';
comment on column audit_entries.hash is
    'SHA-256(hash of the entry before, and this entry''s columns); see audit_hash()';

create function audit_hash(before bytea, e audit_entries) returns bytea language sql immutable as $$
    select sha256(before || convert_to(concat_ws(e'\x1f', e.tenant_id, e.seq, e.actor, e.action, e.object,
                                                 e.detail::text,
                                                 coalesce(e.origin, ''), extract(epoch from e.created_at)), 'UTF8'))
$$;

create function audit_chain() returns trigger language plpgsql as $$
declare
    last audit_entries;
begin
    perform pg_advisory_xact_lock(hashtextextended('audit' || new.tenant_id, 0));
    select * into last from audit_entries where tenant_id = new.tenant_id order by seq desc limit 1;
    new.seq := coalesce(last.seq, 0) + 1;
    new.hash := audit_hash(coalesce(last.hash, '\x'::bytea), new);
    return new;
end $$;
create trigger chain before insert on audit_entries for each row execute function audit_chain();

create function audit_frozen() returns trigger language plpgsql as $$
begin
    raise exception 'audit entries are never changed' using errcode = 'insufficient_privilege';
end $$;
create trigger frozen before update or delete on audit_entries for each row execute function audit_frozen();
create trigger kept before truncate on audit_entries for each statement execute function audit_frozen();

call tenant_table('audit_entries');
revoke update, delete on audit_entries from switchhook_app;
grant select on audit_entries to switchhook_reader;
