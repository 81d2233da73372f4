/** One task: its name, facts, labels and jobs. */

import type { TaskPatch, TaskRead } from '@cvat-lab/schema';
import { InlineEdit, LinkButton, LoadError, Notice, ProgressBar } from '../components';
import { useLoad } from '../data/useLoad';
import { formatAge, formatCount, formatDate } from '../format';
import { usePages } from './context';
import { SubsetField } from './create/SubsetField';
import { AssigneeDetail, BugTrackerDetail, Detail } from './DetailFields';
import { GuideDetail } from './guide/GuideDetail';
import { JobsPanel } from './JobsPanel';
import { InheritedLabels, LabelsPanel } from './LabelsPanel';
import { describeMedia, TaskProgress } from './lists/TaskRow';
import { Page } from './PageShell';
import { TaskActions } from './TaskActions';
import { Thumbnail } from './Thumbnail';
import { useChange } from './useChange';

export function TaskPage({ id }: { id: number }) {
  const { api, navigate } = usePages();
  const task = useLoad(`task ${id}`, () => api.task(id));
  const project = task.data?.project_id;
  const crumbs = [
    { label: 'Tasks', onOpen: () => navigate({ page: 'tasks' }) },
    ...(project
      ? [
          {
            label: task.data?.project_name ?? `Project #${project}`,
            onOpen: () => navigate({ page: 'project', id: project }),
          },
        ]
      : []),
    { label: `#${id}` },
  ];
  if (task.error) {
    return (
      <Page crumbs={crumbs}>
        <LoadError what={`task #${id}`} error={task.error} onRetry={task.reload} />
      </Page>
    );
  }
  if (!task.data) {
    return (
      <Page crumbs={crumbs}>
        <ProgressBar value={null} label={`Loading task #${id}`} />
      </Page>
    );
  }
  return <LoadedTask task={task.data} crumbs={crumbs} />;
}

interface LoadedTaskProps {
  task: TaskRead;
  crumbs: { label: string; onOpen?: () => void }[];
}

function LoadedTask({ task, crumbs }: LoadedTaskProps) {
  const { api, navigate } = usePages();
  const change = useChange();
  const patch = (fields: TaskPatch) => change('change the task', () => api.updateTask(task.id, fields));
  return (
    <Page
      crumbs={crumbs}
      title={
        <InlineEdit
          label="Task name"
          value={task.name}
          maxLength={256}
          required
          onSave={(name) => patch({ name })}
        />
      }
      actions={<TaskActions task={task} onDeleted={() => navigate({ page: 'tasks' })} />}
    >
      <div className="cvl-details">
        <Thumbnail
          of={{ kind: 'task', id: task.id }}
          version={task.updated_date}
          empty={task.data === null}
        />
        <dl>
          <Detail label="Created">
            {formatDate(task.created_date)}
            {task.owner && ` by ${task.owner.username}`}
          </Detail>
          <Detail label="Updated">{formatAge(task.updated_date)}</Detail>
          <Detail label="Media">{describeTask(task)}</Detail>
          <AssigneeDetail
            value={task.assignee}
            onChange={(user) => patch({ assignee_id: user?.id ?? null })}
          />
          {task.project_id !== null && (
            <>
              <Detail label="Project">
                <LinkButton onClick={() => navigate({ page: 'project', id: task.project_id! })}>
                  {task.project_name}
                </LinkButton>
              </Detail>
              <Detail label="Subset">
                <SubsetField
                  quiet
                  projectId={task.project_id}
                  value={task.subset}
                  onChange={(subset) => patch({ subset })}
                />
              </Detail>
            </>
          )}
          <GuideDetail
            owner={{ kind: 'task', id: task.id }}
            guideId={task.guide_id}
            inherited={task.project_id !== null}
          />
          <BugTrackerDetail url={task.bug_tracker} onSave={(bug_tracker) => patch({ bug_tracker })} />
        </dl>
        {task.jobs.count > 0 && <TaskProgress task={task} />}
      </div>
      {task.data === null && (
        <Notice tone="warn">
          This task has no images or video yet: its creation is still going on (see Requests), or it was
          cancelled.
        </Notice>
      )}
      {task.project_id === null ? (
        <LabelsPanel of={{ kind: 'task', id: task.id }} />
      ) : (
        <InheritedLabels taskId={task.id} projectId={task.project_id} />
      )}
      <JobsPanel task={task} />
    </Page>
  );
}

/** For example `120 images · 50 per job · overlap 5`. */
function describeTask(task: TaskRead): string {
  const parts = [describeMedia(task)];
  if (task.segment_size && task.segment_size < task.size) {
    parts.push(`${formatCount(task.segment_size, 'frame')} per job`);
    if (task.overlap) parts.push(`overlap ${task.overlap}`);
  }
  return parts.join(' · ');
}
