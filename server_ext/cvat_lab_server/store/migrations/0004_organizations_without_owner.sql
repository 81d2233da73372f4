ALTER TABLE store.organizations ALTER COLUMN owner_id DROP NOT NULL;
