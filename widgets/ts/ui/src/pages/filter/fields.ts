/** The fields that each list can be filtered by, as the server names them, and how their values are entered. */

import type { Option } from '../../components';

export type FieldKind = 'text' | 'number' | 'date' | 'choice';

export interface FilterField {
  /** As the list API calls it. */
  name: string;
  label: string;
  kind: FieldKind;
  /** The values of a `choice`. */
  options?: readonly Option<string>[];
}

const choice = (...values: string[]): readonly Option<string>[] =>
  values.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) }));

const STATUS: FilterField = {
  name: 'status',
  label: 'Status',
  kind: 'choice',
  options: choice('annotation', 'validation', 'completed'),
};
const MODE: FilterField = {
  name: 'mode',
  label: 'Media',
  kind: 'choice',
  options: [
    { value: 'annotation', label: 'Images' },
    { value: 'interpolation', label: 'Video' },
  ],
};
const DIMENSION: FilterField = {
  name: 'dimension',
  label: 'Dimension',
  kind: 'choice',
  options: [
    { value: '2d', label: '2D' },
    { value: '3d', label: '3D' },
  ],
};
const ID: FilterField = { name: 'id', label: 'ID', kind: 'number' };
const NAME: FilterField = { name: 'name', label: 'Name', kind: 'text' };
const OWNER: FilterField = { name: 'owner', label: 'Owner', kind: 'text' };
const ASSIGNEE: FilterField = { name: 'assignee', label: 'Assignee', kind: 'text' };
const UPDATED: FilterField = { name: 'updated_date', label: 'Last updated', kind: 'date' };
const PROJECT: FilterField = { name: 'project_name', label: 'Project', kind: 'text' };

export const PROJECT_FILTER: readonly FilterField[] = [NAME, ASSIGNEE, OWNER, STATUS, UPDATED, ID];

export const TASK_FILTER: readonly FilterField[] = [
  NAME,
  ASSIGNEE,
  OWNER,
  STATUS,
  { name: 'subset', label: 'Subset', kind: 'text' },
  MODE,
  DIMENSION,
  PROJECT,
  UPDATED,
  ID,
];

export const JOB_FILTER: readonly FilterField[] = [
  ASSIGNEE,
  {
    name: 'stage',
    label: 'Stage',
    kind: 'choice',
    options: choice('annotation', 'validation', 'acceptance'),
  },
  {
    name: 'state',
    label: 'State',
    kind: 'choice',
    options: choice('new', 'in progress', 'completed', 'rejected'),
  },
  {
    name: 'type',
    label: 'Type',
    kind: 'choice',
    options: [
      { value: 'annotation', label: 'Annotation' },
      { value: 'ground_truth', label: 'Ground truth' },
    ],
  },
  MODE,
  DIMENSION,
  { name: 'task_id', label: 'Task ID', kind: 'number' },
  { name: 'task_name', label: 'Task', kind: 'text' },
  PROJECT,
  UPDATED,
  ID,
];
