-- How long what stays of tenants that say nothing: the installation's word (RETENTION_DAYS_DEFAULT), as the sweep that
-- takes it away read it last.
set local role switchhook_owner;

create table retention_default (
    one  boolean primary key default true check (one),
    days integer not null check (days between 1 and 36500)
);
comment on table retention_default is 'no row: for ever';
alter table retention_default enable row level security;
alter table retention_default force  row level security;
create policy everybody on retention_default for select to switchhook_app using (true);
create policy sweeps    on retention_default to switchhook_sweep using (true);
grant select on retention_default to switchhook_app;
grant select, insert, update, delete on retention_default to switchhook_sweep;

comment on table retention_rules is
    'no row: the client''s calls follow the tenant, the tenant follows retention_default';

-- by_default: the kinds of which the tenant says nothing; their days are those of default_days.
create or replace function retention_json() returns json language sql stable as $$
    select json_build_object(
        'audio_days', max(r.days) filter (where r.kind = 'audio'),
        'text_days', max(r.days) filter (where r.kind = 'text'),
        'metadata_days', max(r.days) filter (where r.kind = 'metadata'),
        'default_days', (select d.days from retention_default d),
        'by_default', (select coalesce(json_agg(k.kind order by k.place), '[]')
                         from unnest('{audio,text,metadata}'::text[]) with ordinality as k (kind, place)
                        where k.kind <> all (coalesce(array_agg(r.kind), '{}'))),
        'clients', coalesce((select json_agg(k.doc order by k.client_id)
                               from (select o.client_id, jsonb_build_object('client_id', o.client_id)
                                            || jsonb_object_agg(o.kind || '_days', o.days) as doc
                                       from retention_rules o
                                      where o.tenant_id = current_tenant() and o.client_id is not null
                                      group by o.client_id) as k), '[]'))
      from retention_rules r
     where r.tenant_id = current_tenant() and r.client_id is null
$$;

-- As it was, but for the last word.
create or replace function retention_cuts(night date, wanted jsonb)
    returns table (client_id uuid, audio timestamptz, text timestamptz, metadata timestamptz) language sql stable as $$
    with rule as (
        select o.client_id, o.kind, o.days
          from retention_rules o
         where o.tenant_id = current_tenant()
           and not (coalesce(wanted ? (o.kind || '_days'), false)
                    and o.client_id is not distinct from (wanted ->> 'client_id')::uuid)
         union all
        select (wanted ->> 'client_id')::uuid, k, nullif((wanted ->> (k || '_days'))::integer, 0)
          from unnest('{audio,text,metadata}'::text[]) as k
         where wanted ? (k || '_days')
    ), who as (
        select null::uuid as client_id union select r.client_id from rule r
    ), days as (
        select w.client_id, k.kind,
               case when own.kind is not null then own.days when base.kind is not null then base.days
                    else (select r.days from retention_default r) end as days
          from who w
         cross join unnest('{audio,text,metadata}'::text[]) as k (kind)
          left join rule own on own.kind = k.kind and own.client_id = w.client_id
          left join rule base on base.kind = k.kind and base.client_id is null
    ), cut as (
        select d.client_id, d.kind,
               case when d.days is null then '-infinity'::timestamptz
                    else (night - d.days)::timestamp at time zone safe_zone(t.time_zone) end as cut
          from days d, tenants t
         where t.id = current_tenant()
    ), apart as (
        select c.client_id, max(c.cut) filter (where c.kind = 'audio') as audio,
               max(c.cut) filter (where c.kind = 'text') as text,
               max(c.cut) filter (where c.kind = 'metadata') as metadata
          from cut c
         group by c.client_id
    )
    select a.client_id, greatest(a.audio, a.metadata), greatest(a.text, a.metadata), a.metadata from apart a
$$;

-- Is there anything that goes at all?
create or replace function retention_ruled() returns boolean language sql stable as $$
    select exists (select from retention_rules r where r.tenant_id = current_tenant() and r.days is not null)
           or exists (select from retention_default)
              and (select count(*) from retention_rules r
                    where r.tenant_id = current_tenant() and r.client_id is null) < 3
$$;
