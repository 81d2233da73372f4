/** Our widgets in JupyterLab's shell: opens them, finds them again, remembers them for the next session. */

import { type Route, routeKey } from '@cvat-lab/ui';
import type { ILabShell, ILabStatus, JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { UUID } from '@lumino/coreutils';
import type { Connection } from './connection';
import { EditorWidget } from './editorWidget';
import { isList, PagesWidget, SidebarPanel } from './pagesWidget';

export class Workspace {
  readonly pages = new WidgetTracker<PagesWidget>({ namespace: 'cvat-lab-pages' });
  readonly editors = new WidgetTracker<EditorWidget>({ namespace: 'cvat-lab-editors' });
  readonly sidebar: SidebarPanel;

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly connection: Connection,
    private readonly status: ILabStatus | null,
  ) {
    this.sidebar = new SidebarPanel({
      connection,
      divert: (route) => !isList(route) && this.openPage(route) !== null,
      onOpenJob: (jobId, frame) => this.openJob(jobId, frame),
    });
  }

  /**
   * Show a page in a tab: the one that shows it already, else a new one.
   *
   * @param id of a tab that is restored; the stored layout refers to it
   */
  openPage(route: Route, id?: string): PagesWidget {
    const open = this.pages.find((widget) => routeKey(widget.route) === routeKey(route));
    const widget = open ?? this.addPage(route, id ?? `cvat-lab-pages-${UUID.uuid4()}`);
    this.app.shell.activateById(widget.id);
    return widget;
  }

  /** Show a job in the editor; a job has one tab at most. */
  openJob(jobId: number, frame?: number): EditorWidget {
    const open = this.editors.find((widget) => widget.jobId === jobId);
    if (open && frame !== undefined) open.goTo(frame);
    const widget = open ?? this.addEditor(jobId, frame);
    this.app.shell.activateById(widget.id);
    return widget;
  }

  showSidebar(labShell: ILabShell | null): void {
    labShell?.expandLeft();
    this.app.shell.activateById(this.sidebar.id);
  }

  private addPage(route: Route, id: string): PagesWidget {
    const widget = new PagesWidget({
      connection: this.connection,
      route,
      onOpenJob: (jobId, frame) => this.openJob(jobId, frame),
    });
    widget.id = id;
    widget.routeChanged.connect(() => this.pages.save(widget));
    this.app.shell.add(widget, 'main', { type: 'cvat_lab' });
    this.pages.add(widget);
    return widget;
  }

  private addEditor(jobId: number, frame?: number): EditorWidget {
    const widget = new EditorWidget({
      connection: this.connection,
      jobId,
      frame,
      onOpenTask: (id) => this.openPage({ page: 'task', id }),
      status: this.status,
    });
    widget.frameChanged.connect(() => this.editors.save(widget));
    this.app.shell.add(widget, 'main', { type: 'cvat_lab' });
    this.editors.add(widget);
    return widget;
  }
}
