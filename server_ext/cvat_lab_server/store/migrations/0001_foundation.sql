CREATE SEQUENCE store.users_ids;

CREATE TABLE store.users (
  "id" BIGINT NOT NULL,
  "username" VARCHAR NOT NULL,
  "first_name" VARCHAR NOT NULL,
  "last_name" VARCHAR NOT NULL,
  "email" VARCHAR NOT NULL,
  "groups" VARCHAR[] NOT NULL,
  "is_staff" BOOLEAN NOT NULL,
  "is_superuser" BOOLEAN NOT NULL,
  "is_active" BOOLEAN NOT NULL,
  "date_joined" TIMESTAMP NOT NULL,
  "last_login" TIMESTAMP,
  "password_hash" VARCHAR NOT NULL,
  PRIMARY KEY ("id")
);

CREATE SEQUENCE store.sessions_ids;

CREATE TABLE store.sessions (
  "id" BIGINT NOT NULL,
  "user_id" BIGINT NOT NULL,
  "key_hash" VARCHAR NOT NULL,
  "csrf_token" VARCHAR NOT NULL,
  "created_date" TIMESTAMP NOT NULL,
  "expiry_date" TIMESTAMP NOT NULL,
  PRIMARY KEY ("id")
);

CREATE SEQUENCE store.access_tokens_ids;

CREATE TABLE store.access_tokens (
  "id" BIGINT NOT NULL,
  "owner_id" BIGINT NOT NULL,
  "name" VARCHAR NOT NULL,
  "value_hash" VARCHAR NOT NULL,
  "read_only" BOOLEAN NOT NULL,
  "created_date" TIMESTAMP NOT NULL,
  "updated_date" TIMESTAMP NOT NULL,
  "expiry_date" TIMESTAMP,
  "last_used_date" TIMESTAMP,
  PRIMARY KEY ("id")
);

CREATE SEQUENCE store.organizations_ids;

CREATE TABLE store.organizations (
  "id" BIGINT NOT NULL,
  "slug" VARCHAR NOT NULL,
  "name" VARCHAR NOT NULL,
  "description" VARCHAR NOT NULL,
  "contact" JSON NOT NULL,
  "owner_id" BIGINT NOT NULL,
  "created_date" TIMESTAMP NOT NULL,
  "updated_date" TIMESTAMP NOT NULL,
  PRIMARY KEY ("id")
);

CREATE SEQUENCE store.memberships_ids;

CREATE TABLE store.memberships (
  "id" BIGINT NOT NULL,
  "organization_id" BIGINT NOT NULL,
  "user_id" BIGINT NOT NULL,
  "role" VARCHAR NOT NULL,
  "is_active" BOOLEAN NOT NULL,
  "joined_date" TIMESTAMP,
  PRIMARY KEY ("id")
);

CREATE SEQUENCE store.projects_ids;

CREATE TABLE store.projects (
  "id" BIGINT NOT NULL,
  "name" VARCHAR NOT NULL,
  "owner_id" BIGINT,
  "assignee_id" BIGINT,
  "organization_id" BIGINT,
  "bug_tracker" VARCHAR NOT NULL,
  "created_date" TIMESTAMP NOT NULL,
  "updated_date" TIMESTAMP NOT NULL,
  "assignee_updated_date" TIMESTAMP,
  PRIMARY KEY ("id")
);

CREATE SEQUENCE store.tasks_ids;

CREATE TABLE store.tasks (
  "id" BIGINT NOT NULL,
  "name" VARCHAR NOT NULL,
  "project_id" BIGINT,
  "owner_id" BIGINT,
  "assignee_id" BIGINT,
  "organization_id" BIGINT,
  "bug_tracker" VARCHAR NOT NULL,
  "subset" VARCHAR NOT NULL,
  "segment_size" BIGINT NOT NULL,
  "overlap" BIGINT,
  "data_id" BIGINT,
  "created_date" TIMESTAMP NOT NULL,
  "updated_date" TIMESTAMP NOT NULL,
  "assignee_updated_date" TIMESTAMP,
  PRIMARY KEY ("id")
);

CREATE SEQUENCE store.data_ids;

CREATE TABLE store.data (
  "id" BIGINT NOT NULL,
  "kind" VARCHAR NOT NULL,
  "root" VARCHAR NOT NULL,
  "storage" VARCHAR NOT NULL,
  "storage_method" VARCHAR NOT NULL,
  "sorting_method" VARCHAR NOT NULL,
  "chunk_size" BIGINT NOT NULL,
  "image_quality" BIGINT NOT NULL,
  "start_frame" BIGINT NOT NULL,
  "stop_frame" BIGINT NOT NULL,
  "frame_filter" VARCHAR NOT NULL,
  "size" BIGINT NOT NULL,
  "compressed_chunk_type" VARCHAR NOT NULL,
  "original_chunk_type" VARCHAR NOT NULL,
  "chunks_updated_date" TIMESTAMP NOT NULL,
  PRIMARY KEY ("id")
);

CREATE SEQUENCE store.frames_ids;

CREATE TABLE store.frames (
  "id" BIGINT NOT NULL,
  "task_id" BIGINT NOT NULL,
  "number" BIGINT NOT NULL,
  "source" BIGINT NOT NULL,
  "name" VARCHAR NOT NULL,
  "width" BIGINT NOT NULL,
  "height" BIGINT NOT NULL,
  "related_files" BIGINT NOT NULL,
  "deleted" BOOLEAN NOT NULL
);

CREATE SEQUENCE store.jobs_ids;

CREATE TABLE store.jobs (
  "id" BIGINT NOT NULL,
  "task_id" BIGINT NOT NULL,
  "type" VARCHAR NOT NULL,
  "frame_ranges" BIGINT[] NOT NULL,
  "assignee_id" BIGINT,
  "stage" VARCHAR NOT NULL,
  "state" VARCHAR NOT NULL,
  "parent_job_id" BIGINT,
  "revision" BIGINT NOT NULL,
  "created_date" TIMESTAMP NOT NULL,
  "updated_date" TIMESTAMP NOT NULL,
  "assignee_updated_date" TIMESTAMP,
  PRIMARY KEY ("id")
);

CREATE SEQUENCE store.labels_ids;

CREATE TABLE store.labels (
  "id" BIGINT NOT NULL,
  "name" VARCHAR NOT NULL,
  "color" VARCHAR NOT NULL,
  "type" VARCHAR NOT NULL,
  "project_id" BIGINT,
  "task_id" BIGINT,
  "parent_id" BIGINT,
  "svg" VARCHAR NOT NULL,
  PRIMARY KEY ("id")
);

CREATE SEQUENCE store.attributes_ids;

CREATE TABLE store.attributes (
  "id" BIGINT NOT NULL,
  "label_id" BIGINT NOT NULL,
  "name" VARCHAR NOT NULL,
  "mutable" BOOLEAN NOT NULL,
  "input_type" VARCHAR NOT NULL,
  "default_value" VARCHAR NOT NULL,
  "values" VARCHAR[] NOT NULL,
  PRIMARY KEY ("id")
);

CREATE SEQUENCE store.revisions_ids;

CREATE TABLE store.revisions (
  "id" BIGINT NOT NULL,
  "job_id" BIGINT NOT NULL,
  "task_id" BIGINT NOT NULL,
  "user_id" BIGINT,
  "change_id" VARCHAR,
  "action" VARCHAR NOT NULL,
  "created_date" TIMESTAMP NOT NULL,
  "created" BIGINT NOT NULL,
  "updated" BIGINT NOT NULL,
  "deleted" BIGINT NOT NULL
);

CREATE SEQUENCE store.tags_ids;

CREATE TABLE store.tags (
  "id" BIGINT NOT NULL,
  "label_id" BIGINT NOT NULL,
  "frame" BIGINT NOT NULL,
  "group" BIGINT,
  "source" VARCHAR NOT NULL,
  "attributes" STRUCT("spec_id" BIGINT, "value" VARCHAR)[] NOT NULL,
  "task_id" BIGINT NOT NULL,
  "job_id" BIGINT NOT NULL,
  "created_rev" BIGINT NOT NULL,
  "deleted_rev" BIGINT
);

CREATE SEQUENCE store.shapes_ids;

CREATE TABLE store.shapes (
  "id" BIGINT NOT NULL,
  "type" VARCHAR NOT NULL,
  "frame" BIGINT NOT NULL,
  "points" DOUBLE[] NOT NULL,
  "rotation" DOUBLE NOT NULL,
  "occluded" BOOLEAN NOT NULL,
  "outside" BOOLEAN NOT NULL,
  "z_order" BIGINT NOT NULL,
  "attributes" STRUCT("spec_id" BIGINT, "value" VARCHAR)[] NOT NULL,
  "label_id" BIGINT NOT NULL,
  "group" BIGINT,
  "source" VARCHAR NOT NULL,
  "score" DOUBLE NOT NULL,
  "task_id" BIGINT NOT NULL,
  "job_id" BIGINT NOT NULL,
  "parent_id" BIGINT,
  "created_rev" BIGINT NOT NULL,
  "deleted_rev" BIGINT
);

CREATE SEQUENCE store.tracks_ids;

CREATE TABLE store.tracks (
  "id" BIGINT NOT NULL,
  "label_id" BIGINT NOT NULL,
  "frame" BIGINT NOT NULL,
  "group" BIGINT,
  "source" VARCHAR NOT NULL,
  "attributes" STRUCT("spec_id" BIGINT, "value" VARCHAR)[] NOT NULL,
  "task_id" BIGINT NOT NULL,
  "job_id" BIGINT NOT NULL,
  "parent_id" BIGINT,
  "created_rev" BIGINT NOT NULL,
  "deleted_rev" BIGINT
);

CREATE SEQUENCE store.keyframes_ids;

CREATE TABLE store.keyframes (
  "id" BIGINT NOT NULL,
  "type" VARCHAR NOT NULL,
  "frame" BIGINT NOT NULL,
  "points" DOUBLE[] NOT NULL,
  "rotation" DOUBLE NOT NULL,
  "occluded" BOOLEAN NOT NULL,
  "outside" BOOLEAN NOT NULL,
  "z_order" BIGINT NOT NULL,
  "attributes" STRUCT("spec_id" BIGINT, "value" VARCHAR)[] NOT NULL,
  "track_id" BIGINT NOT NULL,
  "task_id" BIGINT NOT NULL,
  "job_id" BIGINT NOT NULL,
  "created_rev" BIGINT NOT NULL,
  "deleted_rev" BIGINT
);

CREATE SEQUENCE store.issues_ids;

CREATE TABLE store.issues (
  "id" BIGINT NOT NULL,
  "job_id" BIGINT NOT NULL,
  "frame" BIGINT NOT NULL,
  "position" DOUBLE[] NOT NULL,
  "owner_id" BIGINT,
  "assignee_id" BIGINT,
  "resolved" BOOLEAN NOT NULL,
  "created_date" TIMESTAMP NOT NULL,
  "updated_date" TIMESTAMP NOT NULL,
  PRIMARY KEY ("id")
);

CREATE SEQUENCE store.comments_ids;

CREATE TABLE store.comments (
  "id" BIGINT NOT NULL,
  "issue_id" BIGINT NOT NULL,
  "owner_id" BIGINT,
  "message" VARCHAR NOT NULL,
  "created_date" TIMESTAMP NOT NULL,
  "updated_date" TIMESTAMP NOT NULL,
  PRIMARY KEY ("id")
);

CREATE TABLE store.requests (
  "id" VARCHAR NOT NULL,
  "type" VARCHAR NOT NULL,
  "target" VARCHAR NOT NULL,
  "status" VARCHAR NOT NULL,
  "owner_id" BIGINT NOT NULL,
  "project_id" BIGINT,
  "task_id" BIGINT,
  "job_id" BIGINT,
  "format" VARCHAR,
  "params" JSON NOT NULL,
  "message" VARCHAR NOT NULL,
  "progress" DOUBLE NOT NULL,
  "result_path" VARCHAR NOT NULL,
  "result_name" VARCHAR NOT NULL,
  "result_id" BIGINT,
  "losses" STRUCT("kind" VARCHAR, "name" VARCHAR, "count" BIGINT, "example" VARCHAR, "reason" VARCHAR)[] NOT NULL,
  "created_date" TIMESTAMP NOT NULL,
  "started_date" TIMESTAMP,
  "finished_date" TIMESTAMP,
  "expiry_date" TIMESTAMP,
  PRIMARY KEY ("id")
);

CREATE SEQUENCE store.events_ids;

CREATE TABLE store.events (
  "id" BIGINT NOT NULL,
  "scope" VARCHAR NOT NULL,
  "timestamp" TIMESTAMP NOT NULL,
  "user_id" BIGINT,
  "project_id" BIGINT,
  "task_id" BIGINT,
  "job_id" BIGINT,
  "count" BIGINT,
  "duration" BIGINT NOT NULL,
  "payload" JSON NOT NULL
);
