/** All projects. */

import { FolderKanban } from 'lucide-react';
import { usePages } from './context';
import { PROJECT_FILTER } from './filter/fields';
import { ListView, type QuickFilter } from './lists/ListView';
import { ProjectCard } from './lists/ProjectCard';
import { Page } from './PageShell';
import { PROJECT_FIELDS } from './search';
import { SORTS } from './sorts';
import { RestoreButton } from './transfers/RestoreButton';

const PAGE_SIZE = 12;

export function ProjectsPage() {
  const { api, navigate, me } = usePages();
  return (
    <Page>
      <ListView
        name="projects"
        icon={FolderKanban}
        fields={PROJECT_FIELDS}
        sorts={SORTS}
        filters={peopleFilters(me?.username)}
        filterFields={PROJECT_FILTER}
        pageSize={PAGE_SIZE}
        load={(query, signal) => api.projects(query, signal)}
        layout="cards"
        render={(project) => <ProjectCard project={project} />}
        actions={<RestoreButton kind="project" />}
        create={{ label: 'Create a project', onCreate: () => navigate({ page: 'create-project' }) }}
        hint="A project groups tasks that share their labels."
      />
    </Page>
  );
}

/** What belongs to the user who looks. */
export function peopleFilters(username: string | undefined): QuickFilter[] {
  if (!username) return [];
  return [
    { label: 'Assigned to me', rule: { '==': [{ var: 'assignee' }, username] } },
    { label: 'Owned by me', rule: { '==': [{ var: 'owner' }, username] } },
    { label: 'Not completed', rule: { '!': { '==': [{ var: 'status' }, 'completed'] } } },
  ];
}
