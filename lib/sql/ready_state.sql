-- What the database holds of the migrations: the newest version.
-- out version int
-- one
select max(version)::int as version from schema_migrations;
