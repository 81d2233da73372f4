/**
 * Typed calls to cvat_lab's server: one method per route that the editor and the pages need.
 *
 * Long-running work (exports, imports, uploads) is in `transfers.ts`, reachable here as `api.transfers`; the user's account
 * is `api.accounts`, organizations are `api.teams`, annotation guides `api.guides`.
 */

import type {
  About,
  ChangeResult,
  ChangeSet,
  DataMeta,
  DataMetaPatch,
  DatasetFormats,
  JobPatch,
  JobRead,
  LabeledData,
  LabelRead,
  LabelWrite,
  Login,
  ProjectPatch,
  ProjectRead,
  ProjectWrite,
  RequestRead,
  ShareEntry,
  SqlQuery,
  TaskPatch,
  TaskRead,
  TaskWrite,
  UserBasic,
  UserRead,
} from '@cvat-lab/schema';
import { Accounts } from './accounts';
import { ArrowTable } from './arrow';
import { ApiError, StaleRevisionError } from './errors';
import { Guides } from './guides';
import { decodeJob, type OpenedJob } from './jobData';
import { type ListQuery, type Page, Rest, type Target, targetPath } from './rest';
import { Teams } from './teams';
import { Transfers } from './transfers';
import type { Bytes, Transport } from './transport';
import { decodeVideoIndex, type VideoIndex } from './videoIndex';

/**
 * `display`: the original bytes when browsers can show them, else a faithful conversion; `compressed`: a JPEG of the
 * task's image quality; `original`: the source bytes.
 */
export type FrameQuality = 'display' | 'compressed' | 'original';

/** What one transaction changed, and the revision it leads to. */
export interface Changes {
  revision: number;
  missed: ChangeSet;
}

export class Api extends Rest {
  readonly accounts: Accounts;
  readonly guides: Guides;
  readonly teams: Teams;
  readonly transfers: Transfers;

  constructor(transport: Transport, organization: string | null = null) {
    super(transport, organization);
    this.accounts = new Accounts(this);
    this.guides = new Guides(this);
    this.teams = new Teams(this);
    this.transfers = new Transfers(this);
  }

  /** The same server in another organization: a short name, '' for the personal workspace, null for all places. */
  within(organization: string | null): Api {
    return new Api(this.transport, organization);
  }

  // --- server and users -------------------------------------------------------------------------------------------

  about(signal?: AbortSignal): Promise<About> {
    return this.json('GET', 'api/server/about', { signal });
  }

  formats(): Promise<DatasetFormats> {
    return this.json('GET', 'api/server/annotation/formats');
  }

  /** Files and folders of the connected share, folders first. */
  share(directory = '/', search?: string): Promise<ShareEntry[]> {
    return this.json('GET', 'api/server/share', { query: { directory, search } });
  }

  self(): Promise<UserRead> {
    return this.json('GET', 'api/users/self');
  }

  users(query?: ListQuery): Promise<Page<UserBasic>> {
    return this.page('api/users', query);
  }

  /** Log in to a stand-alone server; the session is a cookie. */
  login(credentials: Login): Promise<{ key: string }> {
    return this.json('POST', 'api/auth/login', { json: credentials });
  }

  logout(): Promise<void> {
    return this.json('POST', 'api/auth/logout');
  }

  // --- projects, tasks, jobs ----------------------------------------------------------------------------------------

  projects(query?: ListQuery, signal?: AbortSignal): Promise<Page<ProjectRead>> {
    return this.page('api/projects', query, signal);
  }

  project(id: number): Promise<ProjectRead> {
    return this.json('GET', `api/projects/${id}`);
  }

  createProject(project: ProjectWrite): Promise<ProjectRead> {
    return this.json('POST', 'api/projects', { json: project });
  }

  updateProject(id: number, patch: ProjectPatch): Promise<ProjectRead> {
    return this.json('PATCH', `api/projects/${id}`, { json: patch });
  }

  deleteProject(id: number): Promise<void> {
    return this.json('DELETE', `api/projects/${id}`);
  }

  tasks(query?: ListQuery, signal?: AbortSignal): Promise<Page<TaskRead>> {
    return this.page('api/tasks', query, signal);
  }

  task(id: number): Promise<TaskRead> {
    return this.json('GET', `api/tasks/${id}`);
  }

  createTask(task: TaskWrite): Promise<TaskRead> {
    return this.json('POST', 'api/tasks', { json: task });
  }

  updateTask(id: number, patch: TaskPatch): Promise<TaskRead> {
    return this.json('PATCH', `api/tasks/${id}`, { json: patch });
  }

  deleteTask(id: number): Promise<void> {
    return this.json('DELETE', `api/tasks/${id}`);
  }

  jobs(query?: ListQuery, signal?: AbortSignal): Promise<Page<JobRead>> {
    return this.page('api/jobs', query, signal);
  }

  job(id: number): Promise<JobRead> {
    return this.json('GET', `api/jobs/${id}`);
  }

  updateJob(id: number, patch: JobPatch): Promise<JobRead> {
    return this.json('PATCH', `api/jobs/${id}`, { json: patch });
  }

  /** Only ground truth jobs can be deleted. */
  deleteJob(id: number): Promise<void> {
    return this.json('DELETE', `api/jobs/${id}`);
  }

  // --- labels -----------------------------------------------------------------------------------------------------

  /** The labels of a project, task or job, sublabels nested. */
  labels(of: Target): Promise<LabelRead[]> {
    return this.all('api/labels', { [`${of.kind}_id`]: of.id });
  }

  updateLabel(id: number, patch: LabelWrite): Promise<LabelRead> {
    return this.json('PATCH', `api/labels/${id}`, { json: patch });
  }

  deleteLabel(id: number): Promise<void> {
    return this.json('DELETE', `api/labels/${id}`);
  }

  // --- background requests ----------------------------------------------------------------------------------------

  requests(query?: ListQuery, signal?: AbortSignal): Promise<Page<RequestRead>> {
    return this.page('api/requests', query, signal);
  }

  request(id: string, signal?: AbortSignal): Promise<RequestRead> {
    return this.json('GET', `api/requests/${encodeURIComponent(id)}`, { signal });
  }

  cancelRequest(id: string): Promise<void> {
    return this.json('POST', `api/requests/${encodeURIComponent(id)}/cancel`);
  }

  // --- media --------------------------------------------------------------------------------------------------------

  dataMeta(of: Target): Promise<DataMeta> {
    return this.json('GET', `${targetPath(of)}/data/meta`);
  }

  updateDataMeta(of: Target, patch: DataMetaPatch): Promise<DataMeta> {
    return this.json('PATCH', `${targetPath(of)}/data/meta`, { json: patch });
  }

  /** One frame as an image file; its `type` is the media type. `frame` is the number within the task. */
  frameImage(jobId: number, frame: number, quality: FrameQuality, signal?: AbortSignal): Promise<Blob> {
    const query = { type: 'frame', number: frame, quality };
    return this.bytes('GET', `api/jobs/${jobId}/data`, { query, signal });
  }

  /** The related images of a frame, as a zip file. */
  contextImages(jobId: number, frame: number, signal?: AbortSignal): Promise<Blob> {
    return this.bytes('GET', `api/jobs/${jobId}/data`, {
      query: { type: 'context_image', number: frame },
      signal,
    });
  }

  /** A small image of the first frame; null when there is no media yet. */
  async preview(of: Target, signal?: AbortSignal): Promise<Blob | null> {
    try {
      return await this.bytes('GET', `${targetPath(of)}/preview`, { signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  /** Packets and groups of pictures of a task's video; null when the task is no video. */
  async videoIndex(taskId: number, signal?: AbortSignal): Promise<VideoIndex | null> {
    try {
      const call = { method: 'GET', path: `api/lab/tasks/${taskId}/video`, signal } as const;
      return decodeVideoIndex((await this.send(call)).body);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  /** The packets of group of pictures `n`, concatenated. */
  async gop(taskId: number, n: number, signal?: AbortSignal): Promise<Bytes> {
    return (await this.send({ method: 'GET', path: `api/lab/tasks/${taskId}/gops/${n}`, signal })).body;
  }

  // --- annotations --------------------------------------------------------------------------------------------------

  /** Everything an editor needs to show a job. */
  async openJob(id: number, signal?: AbortSignal): Promise<OpenedJob> {
    return decodeJob((await this.send({ method: 'GET', path: `api/lab/jobs/${id}/open`, signal })).body);
  }

  /** What changed from revision `since` to now. */
  changes(jobId: number, since: number, signal?: AbortSignal): Promise<Changes> {
    return this.json('GET', `api/lab/jobs/${jobId}/changes`, { query: { since }, signal });
  }

  /**
   * Apply a change set.
   *
   * @throws StaleRevisionError when `base_revision` is not the current revision; it carries what was missed
   */
  async sendChanges(jobId: number, change: ChangeSet, signal?: AbortSignal): Promise<ChangeResult> {
    try {
      return await this.json('PATCH', `api/lab/jobs/${jobId}/annotations`, { json: change, signal });
    } catch (error) {
      throw asStale(error) ?? error;
    }
  }

  /** All annotations of a job or task in CVAT's form. Editors use `openJob`, which is far faster. */
  annotations(of: Target): Promise<LabeledData> {
    return this.json('GET', `${targetPath(of)}/annotations/`);
  }

  /** Remove every annotation of a job or task. */
  deleteAnnotations(of: Target): Promise<void> {
    return this.json('DELETE', `${targetPath(of)}/annotations/`);
  }

  // --- SQL ----------------------------------------------------------------------------------------------------------

  /** Run a query of DuckDB's dialect over the workspace. */
  async sql(query: SqlQuery | string, signal?: AbortSignal): Promise<ArrowTable> {
    const body = JSON.stringify(typeof query === 'string' ? { sql: query } : query);
    const headers = { 'Content-Type': 'application/json' };
    return new ArrowTable(
      (await this.send({ method: 'POST', path: 'api/lab/sql', body, headers, signal })).body,
    );
  }
}

function asStale(error: unknown): StaleRevisionError | null {
  if (!(error instanceof ApiError) || error.status !== 409) return null;
  const body = error.body as Partial<Changes> | null;
  if (typeof body?.revision !== 'number' || !body.missed) return null;
  return new StaleRevisionError(error.message, body.revision, body.missed, error.body);
}
