-- What a run of a model over a recording would cost, as the API's document, by the tenant's prices: each channel is
-- sent. No row: not this tenant's, or no such recording.
-- in  id uuid, model text
-- out doc json
-- maybe
select json_build_object('recording_id', r.id, 'model', :model, 'seconds', s.seconds, 'unit', p.unit,
                         'price', trim_scale(p.amount)::text, 'cost', trim_scale(c.cost)::text,
                         'currency', p.currency) as doc
  from recordings r
 cross join lateral (select coalesce(r.duration_seconds, 0) * coalesce(r.channels, 2) as seconds) s
  left join model_price('transcribe', :model) p on true
  left join model_cost('transcribe', :model, s.seconds) c on true
 where r.tenant_id = current_tenant() and r.id = :id;
