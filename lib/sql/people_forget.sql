-- Sessions, links, mails and guesses that are over go away, of every tenant.
-- out done bool
-- one
select true as done from people_forget();
