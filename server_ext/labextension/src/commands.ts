/** What the command palette, the launcher, the layout restorer and other extensions can call. */

import type { Route } from '@cvat-lab/ui';
import type { ILabShell, JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog } from '@jupyterlab/apputils';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { logoIcon } from './icons';
import type { Workspace } from './workspace';

export const CATEGORY = 'cvat_lab';

export const COMMANDS = {
  /** Args: `route`, and `id` of the tab when it is restored. */
  openPage: 'cvat-lab:open-page',
  projects: 'cvat-lab:open-projects',
  tasks: 'cvat-lab:open-tasks',
  jobs: 'cvat-lab:open-jobs',
  requests: 'cvat-lab:open-requests',
  newProject: 'cvat-lab:new-project',
  newTask: 'cvat-lab:new-task',
  /** Args: `jobId`, `frame` (optional). Asks for the job when it is missing. */
  openJob: 'cvat-lab:open-job',
  showPanel: 'cvat-lab:show-panel',
} as const;

/** Commands that open one page. */
const PAGES: readonly { id: string; label: string; caption: string; route: Route }[] = [
  {
    id: COMMANDS.projects,
    label: 'Projects',
    caption: 'Open the annotation projects',
    route: { page: 'projects' },
  },
  { id: COMMANDS.tasks, label: 'Tasks', caption: 'Open the annotation tasks', route: { page: 'tasks' } },
  { id: COMMANDS.jobs, label: 'Jobs', caption: 'Open the annotation jobs', route: { page: 'jobs' } },
  {
    id: COMMANDS.requests,
    label: 'Requests',
    caption: 'Open exports and imports',
    route: { page: 'requests' },
  },
  {
    id: COMMANDS.newProject,
    label: 'New project',
    caption: 'Create a project',
    route: { page: 'create-project' },
  },
  { id: COMMANDS.newTask, label: 'New task', caption: 'Create a task', route: { page: 'create-task' } },
];

export function addCommands(app: JupyterFrontEnd, workspace: Workspace, labShell: ILabShell | null): void {
  const { commands } = app;
  for (const { id, label, caption, route } of PAGES) {
    commands.addCommand(id, {
      label: inPalette(label),
      caption,
      icon: logoIcon,
      execute: () => workspace.openPage(route),
    });
  }
  commands.addCommand(COMMANDS.openPage, {
    label: 'Open page',
    execute: (args) =>
      workspace.openPage(args['route'] as unknown as Route, args['id'] as string | undefined),
  });
  commands.addCommand(COMMANDS.openJob, {
    label: inPalette('Open job…'),
    caption: 'Annotate a job',
    icon: logoIcon,
    execute: async (args) => {
      const jobId = (args['jobId'] as number | undefined) ?? (await askForJob());
      return jobId ? workspace.openJob(jobId, args['frame'] as number | undefined) : null;
    },
  });
  commands.addCommand(COMMANDS.showPanel, {
    label: inPalette('Show the panel'),
    caption: 'Show projects, tasks and jobs in the sidebar',
    icon: logoIcon,
    execute: () => workspace.showSidebar(labShell),
  });
}

/** The palette hides categories while one searches, so the product's name belongs into the label there. */
function inPalette(label: string): (args: ReadonlyPartialJSONObject) => string {
  return ({ isPalette }) => (isPalette ? `${CATEGORY}: ${label}` : label);
}

async function askForJob(): Promise<number | null> {
  const { value, button } = await InputDialog.getNumber({ title: 'Open a job', label: 'Number of the job' });
  return button.accept && value && value > 0 ? Math.trunc(value) : null;
}
