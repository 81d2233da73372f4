/** The form of a new task: its values, its rules, and what is sent. */

import type { DataWrite, ProjectRead, SortingMethod, TaskWrite } from '@cvat-lab/schema';
import { checkLabels, type LabelDraft, labelsToCreate } from '../../labels';
import { checkUrl } from '../DetailFields';

export interface TaskForm {
  name: string;
  /** The task uses the labels of its project, or has its own. */
  project: ProjectRead | null;
  subset: string;
  labels: LabelDraft[];
  source: 'local' | 'share';
  files: File[];
  /** Paths on the server's share; folders end with `/`. */
  shared: string[];
  /** Copy files of the share into the workspace instead of linking them. */
  copyData: boolean;
  sorting: SortingMethod;
  imageQuality: number | null;
  overlap: number | null;
  segmentSize: number | null;
  startFrame: number | null;
  stopFrame: number | null;
  frameStep: number | null;
  chunkSize: number | null;
  bugTracker: string;
}

export type FormErrors = Partial<Record<keyof TaskForm, string>>;

export const EMPTY_TASK: TaskForm = {
  name: '',
  project: null,
  subset: '',
  labels: [],
  source: 'local',
  files: [],
  shared: [],
  copyData: false,
  sorting: 'lexicographical',
  imageQuality: 70,
  overlap: null,
  segmentSize: null,
  startFrame: null,
  stopFrame: null,
  frameStep: null,
  chunkSize: null,
  bugTracker: '',
};

export const SORTINGS: readonly { value: SortingMethod; label: string }[] = [
  { value: 'lexicographical', label: 'Lexicographical (1, 10, 2)' },
  { value: 'natural', label: 'Natural (1, 2, 10)' },
  { value: 'predefined', label: 'Predefined (as chosen)' },
  { value: 'random', label: 'Random' },
];

const MAX_NAME = 256;

/** What is wrong, by field. */
export function checkTask(form: TaskForm): FormErrors {
  const errors: FormErrors = {
    name: checkTitle(form.name),
    labels: form.project ? undefined : checkLabels(form.labels)[0]?.message,
    files: form.source === 'local' ? checkFiles(form.files) : undefined,
    shared:
      form.source === 'share' && form.shared.length === 0
        ? 'Choose files or folders of the share'
        : undefined,
    bugTracker: checkUrl(form.bugTracker.trim()) ?? undefined,
    ...checkNumbers(form),
  };
  return Object.fromEntries(Object.entries(errors).filter(([, message]) => message)) as FormErrors;
}

/** What is wrong with the name of a task or project. */
export function checkTitle(name: string): string | undefined {
  if (!name.trim()) return 'Give it a name';
  if (name.length > MAX_NAME)
    return `The name is ${name.length} characters long; at most ${MAX_NAME} are allowed`;
  return undefined;
}

function checkNumbers(form: TaskForm): FormErrors {
  const { overlap, segmentSize, startFrame, stopFrame, imageQuality, frameStep, chunkSize } = form;
  const errors: FormErrors = {
    imageQuality: imageQuality === null ? 'Enter a number from 5 to 100' : outside(imageQuality, 5, 100),
    overlap: outside(overlap, 0),
    segmentSize: outside(segmentSize, 0),
    startFrame: outside(startFrame, 0),
    stopFrame: outside(stopFrame, 0),
    frameStep: outside(frameStep, 1),
    chunkSize: outside(chunkSize, 1),
  };
  if (!errors.stopFrame && stopFrame !== null && stopFrame < (startFrame ?? 0))
    errors.stopFrame = `Frame ${stopFrame} comes before the start frame ${startFrame}`;
  if (!errors.overlap && overlap && segmentSize && overlap > segmentSize / 2)
    errors.overlap = `At most half of the segment size, ${Math.floor(segmentSize / 2)}`;
  return errors;
}

function outside(value: number | null, min: number, max = Number.POSITIVE_INFINITY): string | undefined {
  if (value === null) return undefined;
  if (!Number.isInteger(value)) return 'Enter a whole number';
  if (value >= min && value <= max) return undefined;
  return max === Number.POSITIVE_INFINITY ? `At least ${min}` : `Enter a number from ${min} to ${max}`;
}

const VIDEO = /\.(mp4|m4v|mov|avi|mkv|webm|mpe?g|m?ts|m2ts|flv|wmv|3gp|3g2|ogv|[hx]?26[45]|y4m)$/i;

function checkFiles(files: readonly File[]): string | undefined {
  if (files.length === 0) return 'Choose images, an archive or one video';
  const video = files.find(({ name }) => VIDEO.test(name));
  if (video && files.length > 1)
    return `A task holds one video or many images: ${video.name} cannot be together with ${files.length - 1} other files`;
  const seen = new Set<string>();
  const twice = files.find(({ name }) => seen.size === seen.add(name).size);
  return twice && `Two files are named ${twice.name}; rename one, or upload an archive of the folder`;
}

export function taskToCreate(form: TaskForm): TaskWrite {
  return {
    name: form.name.trim(),
    ...(form.project
      ? { project_id: form.project.id, subset: form.subset }
      : { labels: labelsToCreate(form.labels) }),
    ...(form.segmentSize && { segment_size: form.segmentSize }),
    ...(form.overlap !== null && { overlap: form.overlap }),
    ...(form.bugTracker.trim() && { bug_tracker: form.bugTracker.trim() }),
  };
}

export function dataToCreate(form: TaskForm): DataWrite {
  return {
    image_quality: form.imageQuality ?? 70,
    sorting_method: form.sorting,
    ...(form.startFrame !== null && { start_frame: form.startFrame }),
    ...(form.stopFrame !== null && { stop_frame: form.stopFrame }),
    ...(form.frameStep !== null && form.frameStep > 1 && { frame_filter: `step=${form.frameStep}` }),
    ...(form.chunkSize !== null && { chunk_size: form.chunkSize }),
    ...(form.source === 'share' && { server_files: form.shared, copy_data: form.copyData }),
  };
}
