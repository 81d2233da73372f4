CREATE SEQUENCE store.invitations_ids;

CREATE TABLE store.invitations (
  "id" BIGINT NOT NULL,
  "key" VARCHAR NOT NULL,
  "membership_id" BIGINT NOT NULL,
  "owner_id" BIGINT,
  "created_date" TIMESTAMP NOT NULL,
  PRIMARY KEY ("id")
);
