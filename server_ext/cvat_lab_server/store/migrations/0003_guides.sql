CREATE SEQUENCE store.guides_ids;

CREATE TABLE store.guides (
  "id" BIGINT NOT NULL,
  "project_id" BIGINT,
  "task_id" BIGINT,
  "markdown" VARCHAR NOT NULL,
  "created_date" TIMESTAMP NOT NULL,
  "updated_date" TIMESTAMP NOT NULL,
  PRIMARY KEY ("id")
);

CREATE SEQUENCE store.assets_ids;

CREATE TABLE store.assets (
  "id" BIGINT NOT NULL,
  "uuid" VARCHAR NOT NULL,
  "guide_id" BIGINT NOT NULL,
  "filename" VARCHAR NOT NULL,
  "owner_id" BIGINT,
  "created_date" TIMESTAMP NOT NULL,
  PRIMARY KEY ("id")
);
