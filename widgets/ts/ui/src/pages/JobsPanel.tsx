/** The jobs of a task, with stage, state and assignee changeable in place. */

import type { JobRead, TaskRead } from '@cvat-lab/schema';
import { BriefcaseBusiness, Copy } from 'lucide-react';
import { useState } from 'react';
import { IconButton, LinkButton, LoadError, Pager, ProgressBar, useToasts } from '../components';
import { copyText } from '../components/clipboard';
import { useLoad } from '../data/useLoad';
import { formatAge, formatDate } from '../format';
import { usePages } from './context';
import { JobActions } from './JobActions';
import { JobAssigneeField, StageField, StateField } from './jobFields';
import { Panel } from './PageShell';

const PAGE_SIZE = 20;

export function JobsPanel({ task }: { task: TaskRead }) {
  const { api } = usePages();
  const [page, setPage] = useState(1);
  const query = { task_id: task.id, sort: 'id', page, page_size: PAGE_SIZE };
  const jobs = useLoad(JSON.stringify(query), (signal) => api.jobs(query, signal));
  return (
    <Panel
      title={
        <>
          <BriefcaseBusiness size={15} aria-hidden /> Jobs <span className="cvl-soft">{task.jobs.count}</span>
        </>
      }
      end={jobs.data && jobs.data.count > 0 && <CopyJobs jobs={jobs.data.results} />}
    >
      {jobs.error ? (
        <LoadError what="the jobs" error={jobs.error} onRetry={jobs.reload} />
      ) : !jobs.data ? (
        <ProgressBar value={null} label="Loading the jobs" />
      ) : jobs.data.count === 0 ? (
        <p className="cvl-soft">Jobs appear when the task has its images or its video.</p>
      ) : (
        <JobTable jobs={jobs.data.results} />
      )}
      {jobs.data && <Pager page={page} pageSize={PAGE_SIZE} count={jobs.data.count} onChange={setPage} />}
    </Panel>
  );
}

function JobTable({ jobs }: { jobs: readonly JobRead[] }) {
  const { openJob } = usePages();
  return (
    <table className="cvl-table cvl-jobs">
      <thead>
        <tr>
          <th>Job</th>
          <th>Frames</th>
          <th>Stage</th>
          <th>State</th>
          <th>Assignee</th>
          <th>Updated</th>
          <th>
            <span className="cvl-visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <tr key={job.id}>
            <td>
              <LinkButton className="cvl-item-name" onClick={() => openJob(job.id)}>
                Job #{job.id}
              </LinkButton>
              {job.type !== 'annotation' && <span className="cvl-chip">{job.type.replace('_', ' ')}</span>}
            </td>
            <td className="cvl-nowrap">
              {job.start_frame}–{job.stop_frame} <span className="cvl-soft">({job.frame_count})</span>
            </td>
            <td>
              <StageField job={job} />
            </td>
            <td>
              <StateField job={job} />
            </td>
            <td>
              <JobAssigneeField job={job} />
            </td>
            <td className="cvl-soft cvl-nowrap" title={formatDate(job.updated_date)}>
              {formatAge(job.updated_date)}
            </td>
            <td>
              <JobActions job={job} compact />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The jobs as text, to hand them out in a chat or a mail. */
function CopyJobs({ jobs }: { jobs: readonly JobRead[] }) {
  const toasts = useToasts();
  const copy = () =>
    copyText(jobs.map(describeJob).join('\n')).then(
      () => toasts.say('The list of jobs is on the clipboard', 'good'),
      (error) => toasts.fail('Cannot copy the list of jobs', error),
    );
  return <IconButton icon={Copy} size="small" label="Copy the list of jobs" onClick={copy} />;
}

function describeJob({ id, start_frame, stop_frame, stage, state, assignee }: JobRead): string {
  return [
    `Job #${id}`,
    `frames ${start_frame}-${stop_frame}`,
    stage,
    state,
    assignee?.username ?? 'nobody',
  ].join('\t');
}
