// The peer: the same two webhooks as the guides would have them, with Express 5, pg and Twilio's SDK. MODE is idiomatic
// (a transaction of single statements) or best (one statement, prepared; two processes, pools of 8, connections kept).
import cluster from 'node:cluster';
import express from 'express';
import pg from 'pg';
import twilio from 'twilio';

const { MODE, PORT, DB_HOST, PUBLIC_URL, TOKEN } = process.env;

const texts = {
  number: 'select n.id, n.tenant_id, n.forward_to, n.greeting from numbers n where n.e164 = $1',
  call: `insert into calls (tenant_id, twilio_call_sid, from_number, to_number, direction, status)
    values ($1, $2, $3, $4, 'inbound', $5)
    on conflict (twilio_call_sid) do update set status = excluded.status returning id`,
  event: 'insert into call_events (call_id, event_type, event_data) values ($1, $2, $3)',
  move: 'update calls set status = $2, duration_seconds = $3, ended_at = now() where twilio_call_sid = $1 returning id',
  answer: `with n as (select tenant_id, forward_to, greeting from numbers where e164 = $1),
    c as (insert into calls (tenant_id, twilio_call_sid, from_number, to_number, direction, status)
          select n.tenant_id, $2, $3, $1, 'inbound', $4 from n
          on conflict (twilio_call_sid) do update set status = excluded.status returning id),
    e as (insert into call_events (call_id, event_type, event_data) select c.id, 'answer', $5::jsonb from c)
    select forward_to, greeting from n`,
  status: `with c as (update calls set status = $2, duration_seconds = $3, ended_at = now()
    where twilio_call_sid = $1 returning id)
    insert into call_events (call_id, event_type, event_data) select c.id, $2, $4::jsonb from c`,
};

function twiml({ greeting, forward_to: to }) {
  const xml = new twilio.twiml.VoiceResponse();
  xml.say({ language: 'en-GB' }, greeting);
  xml.say({ language: 'en-GB' }, 'This call is recorded.');
  const dial = xml.dial({
    action: `${PUBLIC_URL}/api/twilio/voice/dial`,
    record: 'record-from-answer-dual',
    timeout: 25,
    recordingStatusCallback: `${PUBLIC_URL}/api/twilio/voice/recording`,
    recordingStatusCallbackEvent: 'in-progress completed absent',
  });
  dial.number(
    {
      statusCallback: `${PUBLIC_URL}/api/twilio/voice/status`,
      statusCallbackEvent: 'initiated ringing answered completed',
    },
    to,
  );
  return xml.toString();
}

async function inTransaction(pool, work) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const got = await work(client);
    await client.query('commit');
    return got;
  } catch (e) {
    await client.query('rollback');
    throw e;
  } finally {
    client.release();
  }
}

const idiomatic = {
  answer: (pool, b) =>
    inTransaction(pool, async (c) => {
      const {
        rows: [number],
      } = await c.query(texts.number, [b.To]);
      const {
        rows: [call],
      } = await c.query(texts.call, [number.tenant_id, b.CallSid, b.From, b.To, b.CallStatus]);
      await c.query(texts.event, [call.id, 'answer', b]);
      return number;
    }),
  status: (pool, b) =>
    inTransaction(pool, async (c) => {
      const {
        rows: [call],
      } = await c.query(texts.move, [b.CallSid, b.CallStatus, Number(b.CallDuration)]);
      await c.query(texts.event, [call?.id ?? null, b.CallStatus, b]);
    }),
};
const best = {
  answer: async (pool, b) =>
    (await pool.query({ name: 'answer', text: texts.answer, values: [b.To, b.CallSid, b.From, b.CallStatus, b] }))
      .rows[0],
  status: (pool, b) =>
    pool.query({ name: 'status', text: texts.status, values: [b.CallSid, b.CallStatus, Number(b.CallDuration), b] }),
};

function serve() {
  const sql = MODE === 'best' ? best : idiomatic;
  const pool = new pg.Pool({
    host: DB_HOST,
    user: 'postgres',
    database: `peer_${MODE}`,
    max: 8,
    idleTimeoutMillis: 0,
    ...(MODE === 'best' ? { options: '-c plan_cache_mode=force_generic_plan' } : {}),
  });
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use('/api/twilio', express.urlencoded({ extended: false }), (req, res, next) => {
    if (twilio.validateRequest(TOKEN, req.get('x-twilio-signature') ?? '', PUBLIC_URL + req.originalUrl, req.body))
      next();
    else res.status(403).json({ error: 'Invalid signature' });
  });
  app.post('/api/twilio/voice/answer', async (req, res) => {
    res.type('text/xml').send(twiml(await sql.answer(pool, req.body)));
  });
  app.post('/api/twilio/voice/status', async (req, res) => {
    await sql.status(pool, req.body);
    res.type('text/xml').send('<Response/>');
  });
  app.listen(Number(PORT), '127.0.0.1', 4096);
}

// Both use both cores: a production set-up has a process manager that does.
if (cluster.isPrimary) for (let i = 0; i < 2; i++) cluster.fork();
else serve();
process.on('SIGTERM', () => process.exit(0));
