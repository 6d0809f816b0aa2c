-- The transcript that is to be analysed. No row: it is analysed already, or gone.
-- in  id uuid
-- out recording_id uuid, segments text, failures bigint
-- maybe
select t.recording_id, t.segments::text as segments,
       (select count(*) from ai_requests a where a.recording_id = t.recording_id and a.purpose = 'analyse'
           and a.outcome like 'unusable:%') as failures
  from transcripts t
 where t.id = :id and not exists (select from analyses a where a.transcript_id = t.id);
