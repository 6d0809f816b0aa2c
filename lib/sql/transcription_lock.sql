-- Waits until nobody else decides about the tenant's minutes; holds to the end of the transaction.
-- out held bool
-- one
select transcription_lock() as held;
