/** The pages of the product as a JupyterLab widget: a main-area tab, or the panel in the sidebar. */

import { mountPages, type PagesHandle, type Route, routeTitle } from '@cvat-lab/ui';
import type { Message } from '@lumino/messaging';
import { type ISignal, Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import type { Connection } from './connection';
import { logoIcon } from './icons';

export interface PagesWidgetOptions {
  connection: Connection;
  route: Route;
  /** Called before the widget goes to a route itself. Returning true means that it was opened elsewhere. */
  divert?: (route: Route) => boolean;
  onOpenJob: (jobId: number, frame?: number) => void;
}

export class PagesWidget extends Widget {
  private handle: PagesHandle | null = null;
  private current: Route;
  private readonly routeChangedSignal = new Signal<this, Route>(this);

  constructor(private readonly options: PagesWidgetOptions) {
    super();
    this.addClass('jp-CvatLabPages');
    this.node.tabIndex = -1;
    this.title.icon = logoIcon;
    this.title.closable = true;
    this.current = options.route;
    this.setTitle();
    options.connection.changed.connect(this.followConnection, this);
  }

  get route(): Route {
    return this.current;
  }

  set route(route: Route) {
    this.current = route;
    this.setTitle();
    this.handle?.update({ route });
    this.routeChangedSignal.emit(route);
  }

  get routeChanged(): ISignal<this, Route> {
    return this.routeChangedSignal;
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.options.connection.changed.disconnect(this.followConnection, this);
    this.handle?.dispose();
    this.handle = null;
    super.dispose();
  }

  protected override onAfterAttach(_message: Message): void {
    const { connection, divert, onOpenJob } = this.options;
    this.handle ??= mountPages(this.node, {
      api: connection.api,
      route: this.current,
      onNavigate: (route) => {
        if (!divert?.(route)) this.route = route;
      },
      hasPasswords: connection.hasPasswords,
      onOpenJob,
      onSwitchOrganization: (slug) => void connection.switchOrganization(slug),
    });
  }

  /** Jobs may have been annotated, and tasks made by scripts, while the widget was out of sight. */
  protected override onAfterShow(_message: Message): void {
    this.handle?.refresh();
  }

  protected override onActivateRequest(_message: Message): void {
    this.node.focus();
  }

  protected setTitle(): void {
    this.title.label = routeTitle(this.current);
    this.title.caption = `cvat_lab: ${this.title.label}`;
  }

  private followConnection(): void {
    const { api, hasPasswords } = this.options.connection;
    this.handle?.update({ api, hasPasswords });
  }
}

/** The panel in the sidebar: lists stay in it, everything else opens in the main area. */
export class SidebarPanel extends PagesWidget {
  constructor(options: Omit<PagesWidgetOptions, 'route'>) {
    super({ ...options, route: { page: 'tasks' } });
    this.id = 'cvat-lab-panel';
    // Narrower than this, names of tasks can no longer be told apart.
    this.node.style.minWidth = '290px';
    this.title.closable = false;
  }

  protected override setTitle(): void {
    // The sidebar shows the icon alone.
    this.title.label = '';
    this.title.caption = 'cvat_lab: projects, tasks and jobs';
  }
}

const LISTS: readonly Route['page'][] = ['projects', 'tasks', 'jobs', 'requests'];

/** Whether a route is a list, which fits into the sidebar. */
export function isList(route: Route): boolean {
  return LISTS.includes(route.page);
}
