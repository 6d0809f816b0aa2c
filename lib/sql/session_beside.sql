-- Which of a browser's sessions are alive, and whose they are, of whatever tenant. hashes: 32 bytes each, one behind
-- the other; place counts them from 1.
-- in  hashes bytea
-- out place bigint, session_id uuid, user_id uuid, tenant_id uuid
-- many
select b.place, b.session_id, b.user_id, b.tenant_id
  from sessions_beside(array(select substring(:hashes from 32 * i + 1 for 32)
                               from generate_series(0, length(:hashes) / 32 - 1) i order by i)) b
 limit 5;
