/** Records for tests, with every field that the server sends. */

import type {
  InvitationRead,
  JobRead,
  LabelRead,
  MembershipRead,
  OrganizationRead,
  ProjectRead,
  RequestRead,
  TaskRead,
  UserRead,
} from '@cvat-lab/schema';

const WHEN = '2026-11-20T10:00:00.000001Z';

export const ANN = { id: 1, username: 'ann', first_name: 'Ann', last_name: 'Lee', url: '' };
export const BOB = { id: 2, username: 'bob', first_name: '', last_name: '', url: '' };

export const ME: UserRead = {
  ...ANN,
  email: '',
  groups: ['user'],
  is_staff: false,
  is_superuser: false,
  is_active: true,
  last_login: null,
  date_joined: WHEN,
  has_analytics_access: false,
};

export function makeTask(fields: Partial<TaskRead> = {}): TaskRead {
  return {
    id: 1,
    name: 'Parking lot',
    project_id: null,
    project_name: null,
    mode: 'annotation',
    owner: ANN,
    assignee: null,
    assignee_updated_date: null,
    bug_tracker: '',
    created_date: WHEN,
    updated_date: WHEN,
    overlap: 0,
    segment_size: 10,
    status: 'annotation',
    subset: '',
    size: 20,
    data: 1,
    data_chunk_size: 36,
    data_cloud_storage_id: null,
    data_compressed_chunk_type: 'imageset',
    data_original_chunk_type: 'imageset',
    image_quality: 70,
    dimension: '2d',
    media_type: 'image',
    guide_id: null,
    initial_replicas: 0,
    organization: null,
    organization_id: null,
    source_storage: null,
    target_storage: null,
    validation_mode: null,
    jobs: { count: 2, completed: 1, validation: 0, url: '' },
    labels: { url: '' },
    url: '',
    ...fields,
  };
}

export function makeJob(fields: Partial<JobRead> = {}): JobRead {
  return {
    id: 11,
    task_id: 1,
    task_name: 'Parking lot',
    project_id: null,
    project_name: null,
    assignee: null,
    assignee_updated_date: null,
    dimension: '2d',
    mode: 'annotation',
    media_type: 'image',
    bug_tracker: null,
    status: 'annotation',
    stage: 'annotation',
    state: 'new',
    type: 'annotation',
    frame_count: 10,
    frame_ranges: [0, 9],
    start_frame: 0,
    stop_frame: 9,
    data_chunk_size: 36,
    data_compressed_chunk_type: 'imageset',
    data_original_chunk_type: 'imageset',
    created_date: WHEN,
    updated_date: WHEN,
    issues: { count: 0, url: '' },
    labels: { url: '' },
    organization: null,
    revision: 0,
    guide_id: null,
    source_storage: null,
    target_storage: null,
    parent_job_id: null,
    replicas_count: 0,
    url: '',
    ...fields,
  };
}

export function makeProject(fields: Partial<ProjectRead> = {}): ProjectRead {
  return {
    id: 7,
    name: 'Streets',
    owner: ANN,
    assignee: null,
    assignee_updated_date: null,
    bug_tracker: '',
    task_subsets: [],
    created_date: WHEN,
    updated_date: WHEN,
    status: 'annotation',
    dimension: '2d',
    organization: null,
    organization_id: null,
    tasks: { count: 1, url: '' },
    labels: { url: '' },
    guide_id: null,
    source_storage: null,
    target_storage: null,
    url: '',
    ...fields,
  };
}

export function makeLabel(fields: Partial<LabelRead> = {}): LabelRead {
  return {
    id: 1,
    name: 'car',
    color: '#2080c0',
    type: 'any',
    attributes: [],
    sublabels: [],
    has_parent: false,
    parent_id: null,
    ...fields,
  };
}

export function makeRequest(fields: Partial<RequestRead> = {}): RequestRead {
  return {
    id: 'rq',
    status: 'finished',
    message: '',
    progress: 1,
    operation: {
      type: 'export:dataset',
      target: 'task',
      project_id: null,
      task_id: 1,
      job_id: null,
      format: 'COCO 1.0',
      function_id: null,
      lightweight: null,
    },
    created_date: WHEN,
    started_date: WHEN,
    finished_date: WHEN,
    expiry_date: null,
    owner: { id: 1, username: 'ann' },
    losses: [],
    ...fields,
  };
}

export function makeOrganization(fields: Partial<OrganizationRead> = {}): OrganizationRead {
  return {
    id: 3,
    slug: 'lab',
    name: 'The Lab',
    description: '',
    contact: {},
    owner: BOB,
    created_date: WHEN,
    updated_date: WHEN,
    ...fields,
  };
}

export function makeMember(fields: Partial<MembershipRead> = {}): MembershipRead {
  return {
    id: 31,
    user: ANN,
    organization: 3,
    is_active: true,
    joined_date: WHEN,
    role: 'worker',
    invitation: null,
    ...fields,
  };
}

export function makeInvitation(fields: Partial<InvitationRead> = {}): InvitationRead {
  return {
    key: 'k1',
    created_date: WHEN,
    owner: BOB,
    role: 'worker',
    user: ANN,
    organization: 3,
    organization_info: { id: 3, slug: 'lab' },
    expired: false,
    accepted: false,
    ...fields,
  };
}
