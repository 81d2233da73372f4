/**
 * The editor in the output of a cell whose widget is gone.
 *
 * A widget lives in the kernel: after a restart and a reload nothing can show it again until the cell has run. But our
 * widget holds no more than an address, and the output of the cell has that too (see `cvat_lab_widgets/annotator.py`).
 * ipywidgets goes first. Where it has nothing to show, the same job stands in, until the widget is there after all.
 */

import { type EditorHandle, mountEditor } from '@cvat-lab/ui';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IRenderMime, IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { DisposableDelegate } from '@lumino/disposable';
import { type Panel, Widget } from '@lumino/widgets';
import type { Connection } from './connection';

const JOB = 'application/vnd.cvat-lab.job+json';
const WIDGET = 'application/vnd.jupyter.widget-view+json';

/** Before ipywidgets, whose rank is -10. */
const RANK = -20;

/** How long ipywidgets has to show the widget, in ms: it waits for the kernel, which may be busy, or not there at all. */
const PATIENCE = 4000;

/** The output of a cell, as the kernel wrote it. */
interface JobAddress {
  job: number;
  /** When the job was created: another workspace has other jobs by the same numbers. */
  created: string;
  frame: number;
  height: number;
}

/** What we need of JupyterLab's notebooks. */
interface NotebookPanel {
  content: { rendermime: IRenderMimeRegistry };
}

export interface StandInOptions {
  connection: Connection;
  onOpenTask: (taskId: number) => void;
}

/** Let every notebook show jobs of which it has the address only. */
export function addStandIns({ docRegistry }: JupyterFrontEnd, options: StandInOptions): void {
  docRegistry.addWidgetExtension('Notebook', {
    createNew: (panel) => {
      const registry = (panel as unknown as NotebookPanel).content.rendermime;
      const createRenderer = () => watched(registry.createRenderer(WIDGET), options);
      registry.addFactory({ safe: false, mimeTypes: [JOB], createRenderer }, RANK);
      return new DisposableDelegate(() => registry.removeMimeType(JOB));
    },
  });
}

/** The renderer of ipywidgets itself, because ipywidgets looks for its own to give them the kernel's widgets. */
function watched(renderer: IRenderMime.IRenderer, options: StandInOptions): IRenderMime.IRenderer {
  let watch: WidgetWatch | null = null;
  const render = renderer.renderModel.bind(renderer);
  renderer.renderModel = (model) => {
    watch?.dispose();
    watch = new WidgetWatch(renderer, model.data[JOB] as unknown as JobAddress, options);
    return render(model);
  };
  renderer.disposed.connect(() => watch?.dispose());
  return renderer;
}

/** Sees whether a widget comes, and shows the job as long as it does not. */
class WidgetWatch {
  private readonly observer = new MutationObserver(() => this.look());
  private readonly timer = setTimeout(() => this.show(), PATIENCE);
  private standIn: StandIn | null = null;

  constructor(
    private readonly renderer: IRenderMime.IRenderer,
    private readonly address: JobAddress,
    private readonly options: StandInOptions,
  ) {
    this.observer.observe(renderer.node, { childList: true, attributes: true, attributeFilter: ['class'] });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.observer.disconnect();
    this.standIn?.dispose();
    this.standIn = null;
  }

  private look(): void {
    const { node } = this.renderer;
    if (node.childElementCount > 0) this.giveWay();
    // So ipywidgets marks its words "model not found".
    else if (node.classList.contains('jupyter-widgets')) this.show();
  }

  private show(): void {
    clearTimeout(this.timer);
    const home = this.renderer.parent as Panel | null;
    if (this.standIn || !home) return;
    this.standIn = new StandIn(this.address, this.options);
    home.addWidget(this.standIn);
    this.renderer.hide();
  }

  /** The widget has come. Nobody is interrupted for it. */
  private readonly giveWay = (): void => {
    clearTimeout(this.timer);
    const node = this.standIn?.node;
    if (node?.contains(document.activeElement)) {
      node.addEventListener('focusout', () => setTimeout(this.giveWay), { once: true });
      return;
    }
    this.standIn?.dispose();
    this.standIn = null;
    this.renderer.show();
  };
}

/** A job below a cell, without a kernel. */
class StandIn extends Widget {
  private handle: EditorHandle | null = null;

  constructor(
    private readonly address: JobAddress,
    private readonly options: StandInOptions,
  ) {
    super();
    this.addClass('jp-OutputArea-output');
    this.node.dataset['cvatLab'] = 'stand-in';
  }

  override dispose(): void {
    void this.handle?.dispose();
    this.handle = null;
    super.dispose();
  }

  protected override onAfterAttach(): void {
    if (!this.handle) void this.mount();
  }

  private async mount(): Promise<void> {
    const { connection, onOpenTask } = this.options;
    const { job, created, frame, height } = this.address;
    try {
      const { created_date } = await connection.api.job(job);
      if (Date.parse(created_date) !== Date.parse(created))
        throw new Error('in this workspace it is another one');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.node.textContent = `Job #${job} cannot be shown: ${reason}. Run the cell again.`;
      return;
    }
    if (this.isDisposed) return;
    const place = document.createElement('div');
    place.className = 'cvl-widget';
    place.style.height = `${height}px`;
    this.node.replaceChildren(place);
    const { api, shortcuts } = connection;
    this.handle = mountEditor(place, { api, jobId: job, frame, shortcuts, onOpenTask });
  }
}
