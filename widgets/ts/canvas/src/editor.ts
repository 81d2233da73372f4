/**
 * The editor of one job: it holds the parts together and is all that tools, commands and the user interface talk to.
 *
 * No DOM here: input comes as plain objects, and a `CanvasHost` draws what the parts say.
 */

import type { LabelRead } from '@cvat-lab/schema';
import { Clipboard } from './clipboard';
import { type Command, CommandTable } from './commands';
import { Drawing } from './drawing';
import { Emitter } from './emitter';
import { CanvasError } from './errors';
import type { EditorInput, KeyInput, PointerInput } from './events';
import { Feedback } from './feedback';
import type { Point } from './geometry';
import { Annotations } from './model/annotations';
import type { BaseData } from './model/base';
import { type FrameImage, type FrameSource, imageSize } from './model/frames';
import { Labels } from './model/labels';
import type { Change, ClientId } from './model/objects';
import type { ObjectState } from './model/states';
import { type Clock, Player } from './player';
import type { UiRequest } from './requests';
import { Scene, type SceneDelta, type SceneItem, type StatePredicate } from './scene';
import { Selection } from './selection';
import { DEFAULT_SETTINGS, type Settings } from './settings';
import type { StateNode } from './statechart/StateNode';
import { Root } from './tools/Root';
import { type Topic, Topics } from './topics';
import { View } from './view';

export interface EditorOptions {
  readonly labels: readonly LabelRead[];
  /** Frames of the job that can be shown, ascending. */
  readonly frames: readonly number[];
  readonly source: FrameSource;
  readonly base?: BaseData;
  readonly revision?: number;
  readonly settings?: Partial<Settings>;
  readonly isReadonly?: boolean;
  readonly clock?: Clock;
}

/** Where the cursor is; image and screen pixels. */
export type Cursor = Pick<PointerInput, 'x' | 'y' | 'screenX' | 'screenY'> & { readonly inside: boolean };

/** What the renderer has to draw anew. */
export type SceneChange = SceneDelta | 'all';

export class Editor {
  readonly labels: Labels;
  readonly annotations: Annotations;
  readonly player: Player;
  readonly scene: Scene;
  readonly selection: Selection;
  readonly view: View;
  readonly feedback: Feedback;
  readonly drawing: Drawing;
  readonly clipboard: Clipboard;
  readonly commands: CommandTable;
  readonly topics = new Topics();
  /** Visible shapes changed. */
  readonly sceneChanges = new Emitter<SceneChange>();
  /** Things that only the user interface can do. */
  readonly requests = new Emitter<UiRequest>();
  private readonly root: StateNode;
  private currentSettings: Settings;
  private currentImage: FrameImage | null = null;
  private predicate: StatePredicate | null = null;
  private topLayer: number | null = null;
  private place: Cursor = { x: 0, y: 0, screenX: 0, screenY: 0, inside: false };
  private mode = 'standard';
  private readonly digits = new Map<number, number>();
  private locked: boolean;

  constructor(options: EditorOptions) {
    this.currentSettings = { ...DEFAULT_SETTINGS, ...options.settings };
    this.locked = options.isReadonly ?? false;
    this.labels = new Labels(options.labels);
    this.annotations = new Annotations({
      labels: this.labels,
      base: options.base,
      revision: options.revision,
    });
    this.scene = new Scene(this.annotations, {
      isListed: (state) => !state.outside || state.keyframe || this.settings.showAllTracks,
      isVisible: (state) => this.isVisible(state),
    });
    this.view = new View(() => this.changed('camera', 'overlay'));
    this.selection = new Selection(this.scene, () => this.changed('selection', 'overlay'));
    this.feedback = new Feedback({
      changed: () => this.changed('overlay'),
      lifted: (before, after) => this.redrawLifted(before, after),
    });
    this.player = new Player({
      ...options,
      speed: () => this.settings.speed,
      onShow: (frame, image) => this.showFrame(frame, image),
      onChange: () => this.changed('player'),
    });
    this.drawing = new Drawing(this);
    this.clipboard = new Clipboard(this);
    this.commands = new CommandTable();
    this.root = new Root(this, null);
    this.root.enter({});
    this.annotations.onChange((changes) => this.annotationsChanged(changes));
    this.annotations.onStep(() => this.changed('history'));
  }

  // ---- frame

  /** The frame whose shapes are on the canvas. */
  get frame(): number {
    return this.currentImage ? this.scene.frame : this.player.frame;
  }

  /** The image of the frame that is shown; null before the first one has arrived. */
  get image(): FrameImage | null {
    return this.currentImage;
  }

  /** Show the first frame, or the one given. */
  async open(frame: number = this.player.firstFrame): Promise<void> {
    await this.player.goTo(frame);
  }

  /** Images and shapes change together, and a half-done drawing stays on its own frame. */
  private showFrame(frame: number, image: FrameImage): void {
    this.dispatch({ type: 'interrupt' });
    this.currentImage = image;
    this.scene.load(frame);
    this.view.setFrameSize(imageSize(image), this.settings.resetZoom);
    this.selection.prune();
    this.sceneChanges.emit('all');
    this.changed('frame', 'annotations', 'overlay');
  }

  // ---- what is visible

  get settings(): Settings {
    return this.currentSettings;
  }

  set(change: Partial<Settings>): void {
    this.currentSettings = { ...this.currentSettings, ...change };
    if ('showAllTracks' in change && this.currentImage) this.scene.load(this.frame);
    this.sceneChanges.emit('all');
    this.changed('settings', 'annotations', 'overlay');
  }

  /** Only objects that match are shown; null = all. */
  get filter(): StatePredicate | null {
    return this.predicate;
  }

  setFilter(filter: StatePredicate | null): void {
    this.predicate = filter;
    this.visibilityChanged();
  }

  /** The highest z_order that is shown; null = all. */
  get zLayer(): number | null {
    return this.topLayer;
  }

  setZLayer(zLayer: number | null): void {
    this.topLayer = zLayer;
    this.visibilityChanged();
  }

  /** The z_order that a new object gets. */
  get newZOrder(): number {
    return this.topLayer ?? this.scene.drawingOrder.at(-1)?.state.z_order ?? 0;
  }

  private isVisible(state: ObjectState): boolean {
    if (state.object.hidden) return false;
    if (this.topLayer !== null && state.z_order > this.topLayer) return false;
    return this.predicate?.(state) ?? true;
  }

  private visibilityChanged(): void {
    this.scene.refilter();
    this.sceneChanges.emit('all');
    this.changed('settings', 'annotations', 'overlay');
  }

  // ---- tools

  /** The active states, for example `root.select.idle`. */
  get path(): string {
    return this.root.leaf.path;
  }

  /** Name of the active tool, for example `polygon`. */
  get tool(): string {
    return this.root.active!.id;
  }

  hasTool(id: string): boolean {
    return this.root.children.has(id);
  }

  setTool(id: string, info: Readonly<Record<string, unknown>> = {}): void {
    this.root.transition(id, info);
    this.changed('tool', 'overlay');
  }

  /** Whether nothing may be edited. */
  get isReadonly(): boolean {
    return this.locked;
  }

  setReadonly(isReadonly: boolean): void {
    this.locked = isReadonly;
    this.dispatch({ type: 'interrupt' });
    this.changed('settings', 'overlay');
  }

  /** `standard`, `attribute`, `tag`, `review` ... decides which commands have their keys. */
  get workspace(): string {
    return this.mode;
  }

  setWorkspace(workspace: string): void {
    this.mode = workspace;
    this.dispatch({ type: 'interrupt' });
    this.changed('settings', 'overlay');
  }

  get cursor(): Cursor {
    return this.place;
  }

  // ---- input

  /** Handle an input; returns whether anything was done with it. */
  dispatch(input: EditorInput): boolean {
    if ('screenX' in input) this.trackCursor(input.type, input.screenX, input.screenY);
    if (this.view.handle(input) || input.type === 'wheel') return true;
    const before = this.path;
    const handled = (input.type === 'key_down' && this.runKey(input)) || this.root.dispatch(input);
    if (input.type === 'key_up') this.commands.keys.release(input);
    if (this.path !== before) this.changed('tool', 'overlay');
    return handled;
  }

  /** Run a command of the table by its id. Returns whether it could run; why it failed is told as a notice. */
  execute(id: string, args?: unknown): boolean {
    const command = this.commands.get(id);
    if (!this.canRun(command)) return false;
    this.run(command, args);
    return true;
  }

  canRun(command: Command): boolean {
    return !(command.edits && this.isReadonly) && (command.enabled?.(this) ?? true);
  }

  request(request: UiRequest): void {
    this.requests.emit(request);
  }

  private runKey(input: KeyInput): boolean {
    const commands = this.commands.keys.press(input, this.workspace);
    const command = commands.find((candidate) => this.canRun(candidate));
    if (command) this.run(command);
    // Ctrl with a key of ours is never left to the browser, which would reload, print or bookmark the page.
    return command !== undefined || (commands.length > 0 && (input.ctrl || input.meta));
  }

  private run(command: Command, args?: unknown): void {
    try {
      command.run(this, args);
    } catch (error) {
      if (!(error instanceof CanvasError)) throw error;
      this.request({ type: 'notice', text: error.message });
    }
  }

  private trackCursor(type: EditorInput['type'], screenX: number, screenY: number): void {
    const { x, y } = this.view.camera.toImage({ x: screenX, y: screenY });
    this.place = { x, y, screenX, screenY, inside: type !== 'pointer_leave' };
    if (this.feedback.shown.crosshair) this.changed('overlay');
  }

  // ---- undo

  /** Take back the last point of a drawing, the gesture under way, or else the last step, on the frame where it was done. */
  undo(): void {
    if (this.dispatch({ type: 'undo' })) return;
    if (this.annotations.history.isMarked) this.dispatch({ type: 'cancel' });
    else this.showStep(this.annotations.history.undo());
  }

  redo(): void {
    if (this.dispatch({ type: 'redo' }) || this.annotations.history.isMarked) return;
    this.showStep(this.annotations.history.redo());
  }

  private showStep(step: { readonly frame: number } | null): void {
    if (step && step.frame !== this.player.target) void this.player.goTo(step.frame);
  }

  // ---- helpers for tools

  /** The shape under a place of the image; locked ones are not hit. */
  shapeAt(p: Point): ClientId | null {
    const reach = HIT_REACH * this.view.camera.pixel;
    return this.scene.hit(p, reach, (state) => !state.object.locked)?.state.clientId ?? null;
  }

  /** The label that a digit key stands for: by default 1 to 9 and 0 are the first ten labels. */
  labelOfDigit(digit: number): number | null {
    return this.digits.get(digit) ?? this.labels.all[(digit + 9) % 10]?.id ?? null;
  }

  setLabelOfDigit(digit: number, labelId: number): void {
    this.digits.set(digit, this.labels.get(labelId).id);
    this.changed('settings');
  }

  destroy(): void {
    this.dispatch({ type: 'interrupt' });
    this.player.destroy();
  }

  private annotationsChanged(changes: readonly Change[]): void {
    if (this.currentImage) {
      const { removed, added } = this.scene.refresh(changes);
      // What is lifted is drawn on the overlay, which is drawn anew anyway.
      const isAtRest = (item: SceneItem) => !this.feedback.lifted.has(item.state.clientId);
      this.sceneChanges.emit({ removed: removed.filter(isAtRest), added: added.filter(isAtRest) });
      this.selection.prune();
    }
    this.changed('annotations', 'overlay');
  }

  private redrawLifted(before: ReadonlySet<ClientId>, after: ReadonlySet<ClientId>): void {
    const items = [...new Set([...before, ...after])].flatMap((clientId) => this.scene.item(clientId) ?? []);
    this.sceneChanges.emit({ removed: items, added: items });
    this.changed('overlay');
  }

  private changed(...topics: Topic[]): void {
    for (const topic of topics) this.topics.changed(topic);
  }
}

/** Screen pixels around lines and points that count as a hit. */
const HIT_REACH = 10;
