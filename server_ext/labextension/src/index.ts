/** The JupyterLab extension: registers everything, does nothing itself. */

import {
  ILabShell,
  ILabStatus,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin,
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { addCommands, CATEGORY, COMMANDS } from './commands';
import { Connection } from './connection';
import { lendMarkdown } from './markdown';
import { addStandIns } from './standIn';
import { Workspace } from './workspace';

const ID = 'cvat-lab:plugin';

const plugin: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'Annotate images and video.',
  autoStart: true,
  optional: [
    ILabShell,
    ILabStatus,
    ILayoutRestorer,
    ILauncher,
    ICommandPalette,
    ISettingRegistry,
    IRenderMimeRegistry,
  ],
  activate: async (
    app: JupyterFrontEnd,
    labShell: ILabShell | null,
    status: ILabStatus | null,
    restorer: ILayoutRestorer | null,
    launcher: ILauncher | null,
    palette: ICommandPalette | null,
    settings: ISettingRegistry | null,
    rendermime: IRenderMimeRegistry | null,
  ) => {
    const connection = new Connection(app.serviceManager.serverSettings);
    // First of all: tabs that are restored must open with the user's settings.
    if (settings) connection.follow(await settings.load(ID));
    if (rendermime) lendMarkdown(rendermime);
    const workspace = new Workspace(app, connection, status);
    addCommands(app, workspace, labShell);
    addStandIns(app, { connection, onOpenTask: (id) => void workspace.openPage({ page: 'task', id }) });
    app.shell.add(workspace.sidebar, 'left', { rank: 300, type: CATEGORY });
    restore(workspace, restorer);
    for (const command of [COMMANDS.tasks, COMMANDS.newTask]) launcher?.add({ command, category: CATEGORY });
    for (const command of Object.values(COMMANDS)) {
      if (command !== COMMANDS.openPage)
        palette?.addItem({ command, category: CATEGORY, args: { isPalette: true } });
    }
  },
};

function restore({ sidebar, pages, editors }: Workspace, restorer: ILayoutRestorer | null): void {
  if (!restorer) return;
  restorer.add(sidebar, sidebar.id);
  void restorer.restore(pages, {
    command: COMMANDS.openPage,
    args: ({ route, id }) => ({ route, id }) as unknown as ReadonlyPartialJSONObject,
    name: ({ id }) => id,
  });
  void restorer.restore(editors, {
    command: COMMANDS.openJob,
    args: ({ jobId, frame }) => (frame === undefined ? { jobId } : { jobId, frame }),
    name: ({ id }) => id,
  });
}

export default plugin;
