/** Stage, state and assignee of a job, changeable in place. */

import type { JobPatch, JobRead, JobStage, JobState } from '@cvat-lab/schema';
import { type Option, Select } from '../components';
import { usePages } from './context';
import { UserField } from './people';
import { useChange } from './useChange';

export const STAGES: readonly Option<JobStage>[] = [
  { value: 'annotation', label: 'Annotation' },
  { value: 'validation', label: 'Validation' },
  { value: 'acceptance', label: 'Acceptance' },
];

export const STATES: readonly Option<JobState>[] = [
  { value: 'new', label: 'New' },
  { value: 'in progress', label: 'In progress' },
  { value: 'completed', label: 'Completed' },
  { value: 'rejected', label: 'Rejected' },
];

export const STATE_TONES: Record<JobState, string> = {
  new: 'new',
  'in progress': 'progress',
  completed: 'good',
  rejected: 'bad',
};

function useJobPatch(job: JobRead): (patch: JobPatch) => Promise<boolean> {
  const { api } = usePages();
  const change = useChange();
  return (patch) => change(`change job #${job.id}`, () => api.updateJob(job.id, patch));
}

export function StageField({ job }: { job: JobRead }) {
  const patch = useJobPatch(job);
  return (
    <Select
      label={`Stage of job ${job.id}`}
      hideLabel
      quiet
      value={job.stage}
      options={STAGES}
      onChange={(stage) => patch({ stage })}
    />
  );
}

export function StateField({ job }: { job: JobRead }) {
  const patch = useJobPatch(job);
  return (
    <span className={`cvl-state cvl-tone-${STATE_TONES[job.state]}`}>
      <span className="cvl-dot" />
      <Select
        label={`State of job ${job.id}`}
        hideLabel
        quiet
        value={job.state}
        options={STATES}
        onChange={(state) => patch({ state })}
      />
    </span>
  );
}

export function JobAssigneeField({ job }: { job: JobRead }) {
  const patch = useJobPatch(job);
  return (
    <UserField
      label={`Assignee of job ${job.id}`}
      quiet
      value={job.assignee}
      onChange={(user) => patch({ assignee: user?.id ?? null })}
    />
  );
}
