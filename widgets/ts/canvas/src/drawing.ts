/** What is drawn next: kind, label, method; the last drawing, to repeat it; and what becomes of a finished drawing. */

import type { ShapeType } from '@cvat-lab/schema';
import { colorOf, paletteColor } from './colors';
import type { Editor } from './editor';
import { CanvasError } from './errors';
import { objectFrom } from './model/create';
import type { ClientId } from './model/objects';
import { shapeUtil } from './shapes/registry';
import { type Geometry, type GeometryPatch, patched } from './shapes/ShapeUtil';

export interface DrawingParameters {
  readonly type: ShapeType;
  readonly kind: 'shape' | 'track';
  readonly label_id: number;
  /** Way of drawing, for kinds that have several, for example `2-points`. */
  readonly method: string | null;
  /** The drawing ends by itself after this many points; null = it does not. */
  readonly pointCount: number | null;
}

export class Drawing {
  private current: DrawingParameters;
  private last: DrawingParameters | null = null;
  private redrawn: ClientId | null = null;

  constructor(private readonly editor: Editor) {
    const label_id = editor.labels.all[0]?.id ?? 0;
    this.current = { type: 'rectangle', kind: 'shape', label_id, method: null, pointCount: null };
  }

  get parameters(): DrawingParameters {
    return this.current;
  }

  /** The object that is being drawn anew; null when a new one is drawn. */
  get redrawing(): ClientId | null {
    return this.redrawn;
  }

  /** The colour that the object will have when it is finished. */
  get color(): string {
    const { labels, settings, scene, annotations } = this.editor;
    const redrawn = this.redrawn === null ? undefined : scene.states.get(this.redrawn);
    if (redrawn) return colorOf(redrawn, settings.colorBy, labels);
    return settings.colorBy === 'instance'
      ? paletteColor(annotations.upcomingClientId)
      : labels.get(this.current.label_id).color;
  }

  /** Change what the next drawing will be. */
  set(change: Partial<DrawingParameters>): void {
    this.current = { ...this.current, ...change };
    this.editor.topics.changed('drawing');
  }

  /** Choose the tool for the parameters. */
  start(change: Partial<DrawingParameters> = {}): void {
    const wanted = { ...this.current, ...change };
    if (this.editor.isReadonly) throw new CanvasError('This job cannot be edited.');
    if (!this.editor.hasTool(wanted.type))
      throw new CanvasError(`There is no tool to draw a ${wanted.type}.`);
    if (!this.editor.labels.accepts(wanted.label_id, wanted.type)) {
      const { name, type } = this.editor.labels.get(wanted.label_id);
      throw new CanvasError(
        `Label "${name}" is for ${type} only; choose another label to draw a ${wanted.type}.`,
      );
    }
    this.set(wanted);
    this.last = wanted;
    this.redrawn = null;
    this.editor.setTool(wanted.type);
  }

  /** Draw once more with the parameters of the last drawing. */
  repeat(): void {
    this.start(this.last ?? {});
  }

  /** Draw an object anew: the result replaces its geometry on this frame, as a keyframe if it is a track. */
  redraw(clientId: ClientId): void {
    const state = this.editor.scene.states.get(clientId);
    if (!state || state.type === 'tag') throw new CanvasError(`Object ${clientId} is not on this frame.`);
    const { last } = this;
    this.start({
      type: state.type,
      label_id: state.label_id,
      kind: state.kind === 'track' ? 'track' : 'shape',
      pointCount: null,
    });
    this.last = last;
    this.redrawn = clientId;
    this.editor.feedback.lift([clientId]);
  }

  /**
   * A tool has finished. Makes the object, or replaces the geometry of the one that is redrawn.
   *
   * @returns The client id, or null when the drawing is too small to be kept.
   */
  finish(points: readonly number[]): ClientId | null {
    const geometry: Geometry = { type: this.current.type, points, rotation: 0, elements: [] };
    const patch = shapeUtil(this.current.type).finish(geometry, this.editor.view.frameSize);
    if (!patch)
      this.editor.request({
        type: 'notice',
        text: `The ${this.current.type} is too small and was not kept.`,
      });
    const clientId = patch && this.keep(patched(geometry, patch), patch);
    this.editor.setTool('select');
    if (clientId !== null) this.editor.selection.activate(clientId);
    return clientId;
  }

  /** The drawing ended, in whatever way. */
  end(): void {
    this.redrawn = null;
    this.editor.feedback.drop();
  }

  private keep(geometry: Geometry, patch: GeometryPatch): ClientId {
    const { annotations, frame, labels } = this.editor;
    const { type, kind, label_id } = this.current;
    if (this.redrawn !== null) {
      annotations.update(`Redraw ${type}`, frame, new Map([[this.redrawn, { rotation: 0, ...patch }]]));
      return this.redrawn;
    }
    const origin = { kind, label_id, frame, z_order: this.editor.newZOrder };
    return annotations.add(`Draw ${type}`, frame, [objectFrom(geometry, origin, labels)])[0]!;
  }
}
