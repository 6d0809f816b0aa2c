-- A new tenant. null: the table's default.
-- in  id uuid, name text, country text?, language text?, time_zone text?, default_number text?
-- none
insert into tenants (id, name, country, language, time_zone, default_number)
values (:id, :name, coalesce(:country, 'GB'), coalesce(:language, 'en-GB'), coalesce(:time_zone, 'UTC'),
        :default_number);
