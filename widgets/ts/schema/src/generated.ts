// Generated from cvat_lab/model by `npm run generate`. Do not edit.

export type AnyWireType =
  | About
  | DatasetFormats
  | SqlQuery
  | UserRead
  | Login
  | AccessTokenRead
  | AccessTokenWrite
  | OrganizationRead
  | OrganizationWrite
  | OrganizationPatch
  | MembershipRead
  | InvitationRead
  | InvitationWrite
  | InvitationAccepted
  | AnnotationGuideRead
  | AssetRead
  | LabelRead
  | LabelWrite
  | ProjectRead
  | ProjectWrite
  | ProjectPatch
  | TaskRead
  | TaskWrite
  | TaskPatch
  | JobRead
  | JobPatch
  | DataMeta
  | DataMetaPatch
  | DataWrite
  | RequestId
  | ShareEntry
  | RequestRead
  | Shape
  | Track
  | Tag
  | LabeledData
  | ChangeSet
  | ChangeResult;
/**
 * What a member may do, from least to most.
 */
export type Role = 'maintainer' | 'owner' | 'supervisor' | 'worker';
/**
 * How an attribute is entered.
 */
export type InputType = 'checkbox' | 'number' | 'radio' | 'select' | 'text';
/**
 * Which shapes a label may be given to; ``any`` = every kind but skeletons.
 */
export type LabelType =
  | 'any'
  | 'cuboid'
  | 'ellipse'
  | 'mask'
  | 'points'
  | 'polygon'
  | 'polyline'
  | 'rectangle'
  | 'skeleton'
  | 'tag';
/**
 * Place of a storage.
 */
export type Location = 'cloud_storage' | 'local';
/**
 * Container of a chunk: a zip of images, or an mp4.
 */
export type ChunkType = 'imageset' | 'video';
/**
 * Where a job stands in the workflow.
 */
export type JobStage = 'acceptance' | 'annotation' | 'validation';
/**
 * How far a job is within its stage.
 */
export type JobState = 'completed' | 'in progress' | 'new' | 'rejected';
/**
 * CVAT's older summary of stage and state; the status of a task is the lowest one of its jobs.
 */
export type JobStatus = 'annotation' | 'completed' | 'validation';
/**
 * What a job is for.
 */
export type JobType = 'annotation' | 'ground_truth' | 'replica';
/**
 * Where the original files lie: copied into the workspace, or left in place on the share.
 */
export type StorageType = 'cloud_storage' | 'local' | 'share';
/**
 * When chunks are made: on request and kept in the bounded cache, or all of them when the task is created.
 */
export type StorageMethod = 'cache' | 'file_system';
/**
 * Order of image files.
 */
export type SortingMethod = 'lexicographical' | 'natural' | 'predefined' | 'random';
/**
 * How the frames of a ground-truth job are picked.
 */
export type FrameSelection = 'manual' | 'random_per_job' | 'random_uniform';
/**
 * Ground truth beside the jobs, or frames of it hidden in every job; the latter is not supported.
 */
export type ValidationMode = 'gt' | 'gt_pool';
/**
 * Life of a request.
 */
export type RequestStatus = 'failed' | 'finished' | 'queued' | 'started';
/**
 * The eight kinds of shapes of CVAT.
 */
export type ShapeType =
  'cuboid' | 'ellipse' | 'mask' | 'points' | 'polygon' | 'polyline' | 'rectangle' | 'skeleton';

/**
 * Answer of ``GET /api/server/about``. ``version`` is the version of CVAT's API that is spoken.
 */
export interface About {
  description: string;
  logo_url: string;
  name: string;
  subtitle: string;
  version: string;
}
/**
 * Formats that can be imported, and those that can be exported.
 */
export interface DatasetFormats {
  exporters: FormatInfo[];
  importers: FormatInfo[];
}
/**
 * A dataset format on the wire.
 */
export interface FormatInfo {
  dimension: string;
  enabled: boolean;
  ext: string;
  name: string;
  version: string;
}
/**
 * Body of ``POST /api/lab/sql``. ``params`` fill the ``?`` or ``$name`` marks; ``limit`` cuts the rows.
 */
export interface SqlQuery {
  limit?: number | null;
  params?: unknown[] | {} | null;
  sql: string;
}
/**
 * What a user sees of himself, and an administrator of everybody.
 */
export interface UserRead {
  date_joined: string;
  email: string;
  first_name: string;
  groups: string[];
  has_analytics_access: boolean;
  id: number;
  is_active: boolean;
  is_staff: boolean;
  is_superuser: boolean;
  last_login: string | null;
  last_name: string;
  url: string;
  username: string;
}
/**
 * Body of a login request.
 */
export interface Login {
  email?: string;
  password: string;
  username?: string;
}
/**
 * A token on the wire. ``value`` is the secret; it is present only in the answer that made the token.
 */
export interface AccessTokenRead {
  created_date: string;
  expiry_date: string | null;
  id: number;
  last_used_date: string | null;
  name: string;
  owner: UserBasic;
  read_only: boolean;
  updated_date: string;
  value?: string;
}
/**
 * What everybody may see of a user.
 */
export interface UserBasic {
  first_name: string;
  id: number;
  last_name: string;
  url: string;
  username: string;
}
/**
 * A token to make.
 */
export interface AccessTokenWrite {
  expiry_date?: string | null;
  name: string;
  read_only?: boolean;
}
/**
 * An organization as it is answered.
 */
export interface OrganizationRead {
  contact: {};
  created_date: string;
  description: string;
  id: number;
  name: string;
  owner: UserBasic | null;
  slug: string;
  updated_date: string;
}
/**
 * An organization to make. Without a name it is called by its slug.
 */
export interface OrganizationWrite {
  contact?: {};
  description?: string;
  name?: string;
  slug: string;
}
/**
 * Changes to an organization; an unset field stays as it is. ``slug`` is here to be refused by name.
 */
export interface OrganizationPatch {
  contact?: {};
  description?: string;
  name?: string;
  slug?: string;
}
/**
 * A membership as it is answered. ``invitation`` is the key of the invitation that it began with.
 */
export interface MembershipRead {
  id: number;
  invitation: string | null;
  is_active: boolean;
  joined_date: string | null;
  organization: number;
  role: Role;
  user: UserBasic;
}
/**
 * An invitation as it is answered.
 */
export interface InvitationRead {
  accepted: boolean;
  created_date: string;
  expired: boolean;
  key: string;
  organization: number;
  organization_info: OrganizationBasic;
  owner: UserBasic | null;
  role: Role;
  user: UserBasic;
}
/**
 * What an invitation tells of an organization.
 */
export interface OrganizationBasic {
  id: number;
  slug: string;
}
/**
 * Somebody to invite into the organization that the call works in.
 */
export interface InvitationWrite {
  email: string;
  role: Role;
}
/**
 * Answer to an accepted invitation.
 */
export interface InvitationAccepted {
  organization_slug: string;
}
/**
 * A guide as it is answered.
 */
export interface AnnotationGuideRead {
  created_date: string;
  id: number;
  markdown: string;
  project_id: number | null;
  task_id: number | null;
  updated_date: string;
}
/**
 * A file of a guide as it is answered.
 */
export interface AssetRead {
  created_date: string;
  filename: string;
  guide_id: number;
  owner: UserBasic | null;
  uuid: string;
}
/**
 * A label on the wire, with its attributes and sublabels. Exactly one of the two owners is present.
 */
export interface LabelRead {
  attributes: AttributeRead[];
  color: string;
  has_parent: boolean;
  id: number;
  name: string;
  parent_id: number | null;
  project_id?: number;
  sublabels: LabelRead[];
  svg?: string;
  task_id?: number;
  type: LabelType;
}
/**
 * An attribute on the wire.
 */
export interface AttributeRead {
  default_value: string;
  id: number;
  input_type: InputType;
  mutable: boolean;
  name: string;
  values: string[];
}
/**
 * A label to create, or with ``id`` to change; ``deleted`` removes it with its annotations.
 */
export interface LabelWrite {
  attributes?: AttributeWrite[] | null;
  color?: string;
  deleted?: boolean;
  has_parent?: boolean;
  id?: number | null;
  name?: string | null;
  parent_id?: number | null;
  project_id?: unknown;
  sublabels?: LabelWrite[] | null;
  svg?: string;
  task_id?: unknown;
  type?: LabelType | null;
}
/**
 * An attribute to create, or with ``id`` to change.
 */
export interface AttributeWrite {
  default_value?: string | null;
  deleted?: boolean;
  id?: number | null;
  input_type: InputType;
  mutable: boolean;
  name: string;
  values: string[];
}
/**
 * A project on the wire.
 */
export interface ProjectRead {
  assignee: UserBasic | null;
  assignee_updated_date: string | null;
  bug_tracker: string;
  created_date: string;
  dimension: string | null;
  guide_id: number | null;
  id: number;
  labels: Link;
  name: string;
  organization: number | null;
  organization_id: number | null;
  owner: UserBasic | null;
  source_storage: Storage | null;
  status: string;
  target_storage: Storage | null;
  task_subsets: string[];
  tasks: Summary;
  updated_date: string;
  url: string;
}
/**
 * Where to list the parts of an object.
 */
export interface Link {
  url: string;
}
/**
 * Default place of exports and imports of a project or task.
 */
export interface Storage {
  cloud_storage_id: number | null;
  id: number;
  location: Location;
}
/**
 * Number of the parts of an object, and where to list them.
 */
export interface Summary {
  count: number;
  url: string;
}
/**
 * A project to create.
 */
export interface ProjectWrite {
  assignee_id?: number | null;
  bug_tracker?: string;
  labels?: LabelWrite[];
  name: string;
  owner_id?: number | null;
  source_storage?: StorageWrite | null;
  target_storage?: StorageWrite | null;
}
/**
 * A storage as clients send it.
 */
export interface StorageWrite {
  cloud_storage_id?: number | null;
  location?: Location;
}
/**
 * Changes to a project; an unset field stays as it is.
 */
export interface ProjectPatch {
  assignee_id?: number | null;
  bug_tracker?: string;
  labels?: LabelWrite[];
  name?: string;
  organization_id?: number | null;
  owner_id?: number | null;
  source_storage?: StorageWrite | null;
  target_storage?: StorageWrite | null;
}
/**
 * A task on the wire.
 */
export interface TaskRead {
  assignee: UserBasic | null;
  assignee_updated_date: string | null;
  bug_tracker: string;
  created_date: string;
  data: number | null;
  data_chunk_size: number | null;
  data_cloud_storage_id: number | null;
  data_compressed_chunk_type: ChunkType | null;
  data_original_chunk_type: ChunkType | null;
  dimension: string;
  guide_id: number | null;
  id: number;
  image_quality?: number;
  initial_replicas: number;
  jobs: JobsSummary;
  labels: Link;
  media_type: string;
  mode: string;
  name: string;
  organization: number | null;
  organization_id: number | null;
  overlap: number | null;
  owner: UserBasic | null;
  project_id: number | null;
  project_name: string | null;
  segment_size: number;
  size: number;
  source_storage: Storage | null;
  status: string;
  subset: string;
  target_storage: Storage | null;
  updated_date: string;
  url: string;
  validation_mode: string | null;
}
/**
 * Number of jobs of a task, by status.
 */
export interface JobsSummary {
  completed: number;
  count: number;
  url: string;
  validation: number;
}
/**
 * A task to create.
 */
export interface TaskWrite {
  assignee_id?: number | null;
  bug_tracker?: string;
  consensus_replicas?: number;
  initial_replicas?: number;
  labels?: LabelWrite[] | null;
  name: string;
  overlap?: number | null;
  owner_id?: number | null;
  project_id?: number | null;
  segment_size?: number | null;
  source_storage?: StorageWrite | null;
  subset?: string;
  target_storage?: StorageWrite | null;
}
/**
 * Changes to a task; an unset field stays as it is.
 */
export interface TaskPatch {
  assignee_id?: number | null;
  bug_tracker?: string;
  labels?: LabelWrite[];
  name?: string;
  organization_id?: number | null;
  owner_id?: number | null;
  project_id?: number | null;
  source_storage?: StorageWrite | null;
  subset?: string;
  target_storage?: StorageWrite | null;
}
/**
 * A job on the wire. ``revision`` is cvat_lab's own addition.
 */
export interface JobRead {
  assignee: UserBasic | null;
  assignee_updated_date: string | null;
  bug_tracker: string | null;
  created_date: string;
  data_chunk_size: number | null;
  data_compressed_chunk_type: ChunkType | null;
  data_original_chunk_type: ChunkType | null;
  dimension: string;
  frame_count: number;
  frame_ranges: number[];
  guide_id: number | null;
  id: number;
  issues: Summary;
  labels: Link;
  media_type: string;
  mode: string;
  organization: number | null;
  parent_job_id: number | null;
  project_id: number | null;
  project_name: string | null;
  replicas_count: number;
  revision: number;
  source_storage: Storage | null;
  stage: JobStage;
  start_frame: number;
  state: JobState;
  status: JobStatus;
  stop_frame: number;
  target_storage: Storage | null;
  task_id: number;
  task_name: string;
  type: JobType;
  updated_date: string;
  url: string;
}
/**
 * Changes to a job; an unset field stays as it is.
 */
export interface JobPatch {
  assignee?: number | null;
  stage?: JobStage;
  state?: JobState;
}
/**
 * What a client must know to show the frames of a task or job.
 */
export interface DataMeta {
  chapters: null;
  chunk_size: number;
  chunks_updated_date: string;
  cloud_storage_id: number | null;
  deleted_frames: number[];
  frame_filter: string;
  frames: FrameMeta[];
  image_quality: number;
  included_frames: number[] | null;
  size: number;
  start_frame: number;
  stop_frame: number;
  storage: StorageType;
  storage_method: StorageMethod;
}
/**
 * A frame on the wire.
 */
export interface FrameMeta {
  has_related_context: boolean;
  height: number;
  name: string;
  related_files: number;
  width: number;
}
/**
 * Frames to hide (the whole list), on PATCH of the meta data.
 */
export interface DataMetaPatch {
  cloud_storage_id?: number | null;
  deleted_frames?: number[];
}
/**
 * How to turn files into the frames of a task.
 */
export interface DataWrite {
  chunk_size?: number | null;
  client_files?: unknown[];
  cloud_storage_id?: number | null;
  copy_data?: boolean;
  filename_pattern?: string | null;
  frame_filter?: string;
  image_quality?: number;
  job_file_mapping?: string[][] | null;
  remote_files?: string[];
  server_files?: string[];
  server_files_exclude?: string[];
  sorting_method?: SortingMethod;
  start_frame?: number;
  stop_frame?: number | null;
  storage?: StorageType | null;
  storage_method?: StorageMethod | null;
  upload_file_order?: string[];
  use_cache?: boolean;
  use_zip_chunks?: boolean;
  validation_params?: ValidationParams | null;
}
/**
 * Ground truth to set up when media is attached; ``frames`` are names.
 */
export interface ValidationParams {
  frame_count: number | null;
  frame_selection_method: FrameSelection | null;
  frame_share: number | null;
  frames: string[] | null;
  frames_per_job_count: number | null;
  frames_per_job_share: number | null;
  mode: ValidationMode;
  random_seed: number | null;
}
/**
 * Answer to everything that goes on in the background.
 */
export interface RequestId {
  rq_id: string;
}
/**
 * A file or folder of the share.
 */
export interface ShareEntry {
  mime_type: string;
  name: string;
  type: string;
}
/**
 * A background request on the wire. ``losses`` is cvat_lab's own addition.
 */
export interface RequestRead {
  created_date: string;
  expiry_date: string | null;
  finished_date: string | null;
  id: string;
  losses: Loss[];
  message: string;
  operation: Operation;
  owner: UserIdentifiers;
  progress: number;
  result_id?: number;
  result_url?: string;
  started_date: string | null;
  status: RequestStatus;
}
/**
 * One thing that a format could not hold, or that an import skipped.
 *
 *     Attributes
 *     ----------
 *     kind
 *         What was lost: ``attribute``, ``shape``, ``track``, ``tag``, ``group``, ``image`` ...
 *     name
 *         Which one: an attribute, a label, a shape type.
 *     count
 *         How often.
 *     example
 *         Where it happened first, for example ``frame 12, shape 7``.
 *     reason
 *         Why, in words.
 */
export interface Loss {
  count: number;
  example: string;
  kind: string;
  name: string;
  reason: string;
}
/**
 * What a request does, on the wire.
 */
export interface Operation {
  format: string | null;
  function_id: string | null;
  job_id: number | null;
  lightweight: boolean | null;
  project_id: number | null;
  target: string;
  task_id: number | null;
  type: string;
}
/**
 * Id and name of a user.
 */
export interface UserIdentifiers {
  id: number;
  username: string;
}
/**
 * A shape that exists on exactly one frame.
 *
 *     Attributes
 *     ----------
 *     group
 *         0 = none; equal numbers in one job form a group.
 *     score
 *         Confidence of the model that made the shape, 0..1; 1 for a human.
 *     elements
 *         The points of a skeleton, one :class:`Shape` of type ``points`` per sublabel; empty for every other kind.
 */
export interface Shape {
  attributes: AttributeValue[];
  elements: Shape[];
  frame: number;
  group: number | null;
  id: number | null;
  label_id: number;
  occluded: boolean;
  outside: boolean;
  points: number[];
  rotation: number;
  score: number;
  source: string;
  type: ShapeType;
  z_order: number;
}
/**
 * The value that an annotation has for one attribute of its label.
 *
 *     ``value`` is always text: numbers in decimal form, checkboxes as ``true`` or ``false``.
 */
export interface AttributeValue {
  spec_id: number;
  value: string;
}
/**
 * An object that lives on many frames; its shape is stored on keyframes and computed between them.
 *
 *     Attributes
 *     ----------
 *     frame
 *         First frame of the track.
 *     shapes
 *         Keyframes in ascending order of frame, at least one.
 *     attributes
 *         Values of immutable attributes only; the mutable ones belong to the keyframes.
 *     elements
 *         The tracks of a skeleton's points, one per sublabel.
 */
export interface Track {
  attributes: AttributeValue[];
  elements: Track[];
  frame: number;
  group: number | null;
  id: number | null;
  label_id: number;
  shapes: TrackedShape[];
  source: string;
}
/**
 * A keyframe: the shape of a track from ``frame`` on, until the next keyframe.
 *
 *     Attributes
 *     ----------
 *     points
 *         Flat list of image pixels, float, origin top-left, x right, y down. Its layout depends on ``type``:
 *         rectangle ``[xtl, ytl, xbr, ybr]`` of the unrotated box; polygon, polyline and points ``[x0, y0, x1, y1, ...]``;
 *         ellipse ``[cx, cy, cx + rx, cy - ry]``; cuboid 8 corners, or ``[x, y, z, rx, ry, rz, sx, sy, sz]`` and 7 zeros
 *         in 3D; mask ``[run, run, ..., left, top, right, bottom]``; skeleton ``[]``.
 *     outside
 *         The object is hidden from this frame to the next keyframe that is not outside.
 *     attributes
 *         Values of mutable attributes only. A missing one keeps the value of the previous keyframe.
 */
export interface TrackedShape {
  attributes: AttributeValue[];
  frame: number;
  id: number | null;
  occluded: boolean;
  outside: boolean;
  points: number[];
  rotation: number;
  type: ShapeType;
  z_order: number;
}
/**
 * A label of a whole frame.
 */
export interface Tag {
  attributes: AttributeValue[];
  frame: number;
  group: number | null;
  id: number | null;
  label_id: number;
  source: string;
}
/**
 * All annotations of a job or task; frames are numbers within the task.
 *
 *     ``version`` is always 0 and ``intervals`` (audio) always empty: both are there because CVAT's clients expect them.
 */
export interface LabeledData {
  intervals: unknown[];
  shapes: Shape[];
  tags: Tag[];
  tracks: Track[];
  version: number;
}
/**
 * One transaction on the annotations of one job.
 *
 *     Attributes
 *     ----------
 *     base_revision
 *         The revision the author saw. ``None`` = apply to whatever is stored.
 *     change_id
 *         Chosen by the author, unique. Sending the same change set again, after a lost answer, applies it only once.
 *     created
 *         New objects, without ids; the answer lists their ids in the same order.
 *     updated
 *         Whole objects, with ids; every one replaces the stored object of that id.
 *     deleted
 *         Ids of objects to remove. Ids that are gone already are ignored.
 */
export interface ChangeSet {
  base_revision: number | null;
  change_id: string | null;
  created: LabeledData;
  deleted: Ids;
  updated: LabeledData;
}
/**
 * Ids of annotations, per kind, because ids are unique within a kind only.
 */
export interface Ids {
  shapes: number[];
  tags: number[];
  tracks: number[];
}
/**
 * Answer to a change set: the new revision and the ids of the created objects, in the order they were sent.
 */
export interface ChangeResult {
  created: Ids;
  revision: number;
}
