-- Applies what a call says about its transcripts to its recordings that wait for one, or were left out.
-- in  id uuid
-- out done bool
-- one
select call_transcribe(:id) as done;
