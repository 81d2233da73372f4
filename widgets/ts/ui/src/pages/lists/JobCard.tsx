/** A job in the list of jobs. */

import type { JobRead } from '@cvat-lab/schema';
import { LinkButton, Person } from '../../components';
import { formatAge, formatCount, formatDate } from '../../format';
import { usePages } from '../context';
import { JobActions } from '../JobActions';
import { STATE_TONES } from '../jobFields';
import { Thumbnail } from '../Thumbnail';

export function JobCard({ job }: { job: JobRead }) {
  const { navigate, openJob } = usePages();
  const open = () => openJob(job.id);
  return (
    <article className="cvl-card">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the name below is the control */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the name below is the control */}
      <div className="cvl-card-picture" onClick={open}>
        <Thumbnail of={{ kind: 'job', id: job.id }} version={job.updated_date} />
        <span className="cvl-badge">
          <Progress job={job} />
        </span>
      </div>
      <div className="cvl-card-text">
        <LinkButton className="cvl-item-name" onClick={open}>
          Job #{job.id}
        </LinkButton>
        <JobActions job={job} compact />
        <span className="cvl-soft cvl-narrow-only">
          <Progress job={job} />
        </span>
        <span className="cvl-soft cvl-ellipsis">
          <LinkButton onClick={() => navigate({ page: 'task', id: job.task_id })}>{job.task_name}</LinkButton>
          {' · '}
          {formatCount(job.frame_count, 'frame')}
        </span>
        <span className="cvl-soft cvl-ellipsis" title={formatDate(job.updated_date)}>
          {job.assignee ? <Person user={job.assignee} /> : 'Nobody'} · {formatAge(job.updated_date)}
        </span>
      </div>
    </article>
  );
}

function Progress({ job }: { job: JobRead }) {
  return (
    <>
      <span className={`cvl-dot cvl-tone-${STATE_TONES[job.state]}`} />
      {job.stage} · {job.state}
    </>
  );
}
