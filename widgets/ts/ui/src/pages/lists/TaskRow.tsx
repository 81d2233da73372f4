/** A task in a list of tasks. */

import type { TaskRead } from '@cvat-lab/schema';
import { Button, LinkButton, StackedBar } from '../../components';
import { formatAge, formatCount, formatDate } from '../../format';
import { usePages } from '../context';
import { TaskActions } from '../TaskActions';
import { Thumbnail } from '../Thumbnail';

interface TaskRowProps {
  task: TaskRead;
  /** Show which project it belongs to. */
  withProject?: boolean;
}

export function TaskRow({ task, withProject }: TaskRowProps) {
  const { navigate } = usePages();
  const open = () => navigate({ page: 'task', id: task.id });
  return (
    <article className="cvl-item">
      <Thumbnail of={{ kind: 'task', id: task.id }} version={task.updated_date} empty={task.data === null} />
      <div className="cvl-item-main">
        <div className="cvl-item-title">
          <span className="cvl-soft">#{task.id}</span>
          <LinkButton className="cvl-item-name" onClick={open} title={task.name}>
            {task.name}
          </LinkButton>
        </div>
        <div className="cvl-soft cvl-ellipsis">
          {describeMedia(task)}
          {task.subset && ` · ${task.subset}`}
          {withProject && task.project_id !== null && (
            <>
              {' · '}
              <LinkButton onClick={() => navigate({ page: 'project', id: task.project_id! })}>
                {task.project_name}
              </LinkButton>
            </>
          )}
        </div>
        <div className="cvl-soft cvl-ellipsis" title={`Created ${formatDate(task.created_date)}`}>
          {task.owner && <span className="cvl-wide-only">{task.owner.username} · </span>}updated{' '}
          {formatAge(task.updated_date)}
          {task.assignee && ` · assigned to ${task.assignee.username}`}
        </div>
      </div>
      <TaskProgress task={task} />
      <div className="cvl-item-end">
        <Button className="cvl-wide-only" onClick={open}>
          Open
        </Button>
        <TaskActions task={task} compact />
      </div>
    </article>
  );
}

/** How many jobs are done. */
export function TaskProgress({ task }: { task: TaskRead }) {
  const { count, completed, validation } = task.jobs;
  const open = count - completed - validation;
  return (
    <div className="cvl-task-progress">
      <div className="cvl-row cvl-tight">
        {completed > 0 && <Share tone="good" count={completed} label="completed" />}
        {validation > 0 && <Share tone="progress" count={validation} label="on validation" />}
        {open > 0 && <Share tone="new" count={open} label="to annotate" />}
        {count === 0 && <span className="cvl-soft">No jobs</span>}
      </div>
      <StackedBar
        total={count}
        parts={[
          { count: completed, tone: 'good', label: 'completed' },
          { count: validation, tone: 'progress', label: 'on validation' },
        ]}
      />
    </div>
  );
}

function Share({ tone, count, label }: { tone: string; count: number; label: string }) {
  return (
    <span className={`cvl-share cvl-tone-${tone}`}>
      <span className="cvl-dot" /> {count} {label}
    </span>
  );
}

/** For example `120 images` or `80 video frames`. */
export function describeMedia({ size, mode }: Pick<TaskRead, 'size' | 'mode'>): string {
  if (!size) return 'No data';
  return mode === 'interpolation' ? formatCount(size, 'video frame') : formatCount(size, 'image');
}
