-- Where the server keeps who may log in, and who we are to it. For the operator as its superuser.
-- out hba text, ident text, me text, name text
-- one
select current_setting('hba_file') as hba, current_setting('ident_file') as ident, current_user::text as me,
       current_database()::text as name;
