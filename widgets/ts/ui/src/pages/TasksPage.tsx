/** All tasks. */

import { ListTodo } from 'lucide-react';
import { usePages } from './context';
import { TASK_FILTER } from './filter/fields';
import { ListView } from './lists/ListView';
import { TaskRow } from './lists/TaskRow';
import { Page } from './PageShell';
import { peopleFilters } from './ProjectsPage';
import { TASK_FIELDS } from './search';
import { SORTS } from './sorts';
import { RestoreButton } from './transfers/RestoreButton';

const PAGE_SIZE = 10;

export function TasksPage() {
  const { api, navigate, me } = usePages();
  return (
    <Page>
      <ListView
        name="tasks"
        icon={ListTodo}
        fields={TASK_FIELDS}
        sorts={SORTS}
        filters={peopleFilters(me?.username)}
        filterFields={TASK_FILTER}
        pageSize={PAGE_SIZE}
        load={(query, signal) => api.tasks(query, signal)}
        layout="rows"
        render={(task) => <TaskRow task={task} withProject />}
        actions={<RestoreButton kind="task" />}
        create={{ label: 'Create a task', onCreate: () => navigate({ page: 'create-task' }) }}
        hint="A task holds one video or a set of images to annotate."
      />
    </Page>
  );
}
