/** One project: its name, facts, labels and tasks. */

import type { ProjectPatch, ProjectRead } from '@cvat-lab/schema';
import { ListTodo } from 'lucide-react';
import { InlineEdit, LoadError, ProgressBar } from '../components';
import { useLoad } from '../data/useLoad';
import { formatAge, formatDate } from '../format';
import { usePages } from './context';
import { AssigneeDetail, BugTrackerDetail, Detail } from './DetailFields';
import { TASK_FILTER } from './filter/fields';
import { GuideDetail } from './guide/GuideDetail';
import { LabelsPanel } from './LabelsPanel';
import { ListView } from './lists/ListView';
import { TaskRow } from './lists/TaskRow';
import { Page, Panel } from './PageShell';
import { ProjectActions } from './ProjectActions';
import { TASK_FIELDS } from './search';
import { SORTS } from './sorts';
import { Thumbnail } from './Thumbnail';
import { useChange } from './useChange';

const PAGE_SIZE = 10;

export function ProjectPage({ id }: { id: number }) {
  const { api, navigate } = usePages();
  const project = useLoad(`project ${id}`, () => api.project(id));
  const crumbs = [{ label: 'Projects', onOpen: () => navigate({ page: 'projects' }) }, { label: `#${id}` }];
  if (project.error) {
    return (
      <Page crumbs={crumbs}>
        <LoadError what={`project #${id}`} error={project.error} onRetry={project.reload} />
      </Page>
    );
  }
  if (!project.data) {
    return (
      <Page crumbs={crumbs}>
        <ProgressBar value={null} label={`Loading project #${id}`} />
      </Page>
    );
  }
  return <LoadedProject project={project.data} crumbs={crumbs} />;
}

interface LoadedProjectProps {
  project: ProjectRead;
  crumbs: { label: string; onOpen?: () => void }[];
}

function LoadedProject({ project, crumbs }: LoadedProjectProps) {
  const { api, navigate } = usePages();
  const change = useChange();
  const patch = (fields: ProjectPatch) =>
    change('change the project', () => api.updateProject(project.id, fields));
  return (
    <Page
      crumbs={crumbs}
      title={
        <InlineEdit
          label="Project name"
          value={project.name}
          maxLength={256}
          required
          onSave={(name) => patch({ name })}
        />
      }
      actions={<ProjectActions project={project} onDeleted={() => navigate({ page: 'projects' })} />}
    >
      <div className="cvl-details">
        <Thumbnail
          of={{ kind: 'project', id: project.id }}
          version={project.updated_date}
          empty={project.tasks.count === 0}
        />
        <dl>
          <Detail label="Created">
            {formatDate(project.created_date)}
            {project.owner && ` by ${project.owner.username}`}
          </Detail>
          <Detail label="Updated">{formatAge(project.updated_date)}</Detail>
          <AssigneeDetail
            value={project.assignee}
            onChange={(user) => patch({ assignee_id: user?.id ?? null })}
          />
          <GuideDetail owner={{ kind: 'project', id: project.id }} guideId={project.guide_id} />
          <BugTrackerDetail url={project.bug_tracker} onSave={(bug_tracker) => patch({ bug_tracker })} />
          {project.task_subsets.some(Boolean) && (
            <Detail label="Subsets">{project.task_subsets.filter(Boolean).join(', ')}</Detail>
          )}
        </dl>
      </div>
      <LabelsPanel of={{ kind: 'project', id: project.id }} />
      <Panel
        title={
          <>
            <ListTodo size={15} aria-hidden /> Tasks <span className="cvl-soft">{project.tasks.count}</span>
          </>
        }
      >
        <ListView
          name="tasks"
          icon={ListTodo}
          fields={TASK_FIELDS}
          sorts={SORTS}
          filters={[]}
          filterFields={TASK_FILTER}
          pageSize={PAGE_SIZE}
          load={(query, signal) => api.tasks({ ...query, project_id: project.id }, signal)}
          layout="rows"
          render={(task) => <TaskRow task={task} />}
          create={{
            label: 'Create a task',
            onCreate: () => navigate({ page: 'create-task', projectId: project.id }),
          }}
          hint="Tasks of this project use its labels."
        />
      </Panel>
    </Page>
  );
}
