/** An editor for tests that read like a script: `editor.pointerDown(0, 0).pointerMove(50, 50).pointerUp()`. */

import type { LabelRead, LabelType, Shape, Tag, Track, TrackedShape } from '@cvat-lab/schema';
import { Editor, type EditorOptions } from '../editor';
import type { KeyInput, Modifiers, PointerInput } from '../events';
import { emptyLabeledData, fromLabeledData } from '../model/base';
import type { FrameImage, FrameSource } from '../model/frames';
import type { ObjectState } from '../model/states';
import type { Clock } from '../player';
import type { UiRequest } from '../requests';

const NO_MODIFIERS: Modifiers = { shift: false, ctrl: false, alt: false, meta: false };

/** Frames without pixels; 200 x 100 unless told otherwise. Counts what is on loan. */
export class TestFrames implements FrameSource {
  readonly loans = new Map<number, number>();
  readonly asked: number[] = [];

  constructor(
    private readonly width = 200,
    private readonly height = 100,
  ) {}

  async get(frame: number, signal: AbortSignal): Promise<FrameImage> {
    this.asked.push(frame);
    await this.load(frame, signal);
    this.loans.set(frame, (this.loans.get(frame) ?? 0) + 1);
    return { width: this.width, height: this.height } as ImageBitmap;
  }

  release(frame: number): void {
    const left = (this.loans.get(frame) ?? 0) - 1;
    if (left < 0) throw new Error(`Frame ${frame} was released more often than it was lent.`);
    if (left === 0) this.loans.delete(frame);
    else this.loans.set(frame, left);
  }

  /** Overridden by tests of slow and failing sources. */
  protected async load(_frame: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
  }
}

/** Time that passes only when a test says so. */
export class TestClock implements Clock {
  private time = 0;
  private sleepers: { due: number; wake: () => void }[] = [];

  now(): number {
    return this.time;
  }

  wait(milliseconds: number): Promise<void> {
    const due = this.time + milliseconds;
    return new Promise((wake) => this.sleepers.push({ due, wake }));
  }

  /** Let time pass, waking sleepers in order and giving promises a chance to run. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      await settle();
      const next = this.sleepers.toSorted((a, b) => a.due - b.due)[0];
      if (!next || next.due > end) break;
      this.sleepers = this.sleepers.filter((sleeper) => sleeper !== next);
      this.time = next.due;
      next.wake();
    }
    this.time = end;
  }
}

/** Let everything that is waiting for fulfilled promises run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export class TestEditor extends Editor {
  readonly asked: UiRequest[] = [];

  /** An editor with ten frames of 200 x 100 pixels, its first frame shown, at zoom 1. */
  static async open(options: Partial<EditorOptions> = {}): Promise<TestEditor> {
    const editor = new TestEditor({
      labels: [label(1, 'car'), label(2, 'person'), label(3, 'tree', 'polygon')],
      frames: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      source: new TestFrames(),
      ...options,
    });
    editor.requests.on((request) => editor.asked.push(request));
    editor.view.setViewport({ width: 200, height: 100 });
    await editor.open();
    return editor;
  }

  pointerDown(x: number, y: number, options: Partial<PointerInput> = {}): this {
    return this.pointer('pointer_down', x, y, options);
  }

  pointerMove(x: number, y: number, options: Partial<PointerInput> = {}): this {
    return this.pointer('pointer_move', x, y, options);
  }

  /** Where the cursor is, unless told otherwise. */
  pointerUp(x = this.cursor.x, y = this.cursor.y, options: Partial<PointerInput> = {}): this {
    return this.pointer('pointer_up', x, y, options);
  }

  click(x: number, y: number, options: Partial<PointerInput> = {}): this {
    return this.pointerMove(x, y, options).pointerDown(x, y, options).pointerUp(x, y, options);
  }

  doubleClick(x: number, y: number): this {
    return this.click(x, y).click(x, y).pointer('double_click', x, y, {});
  }

  drag(
    from: readonly [number, number],
    to: readonly [number, number],
    options: Partial<PointerInput> = {},
  ): this {
    return this.pointerMove(...from, options)
      .pointerDown(...from, options)
      .pointerMove(...to, options)
      .pointerUp(...to, options);
  }

  wheel(x: number, y: number, deltaY: number): this {
    const { x: screenX, y: screenY } = this.view.camera.toScreen({ x, y });
    this.dispatch({ type: 'wheel', screenX, screenY, deltaY, ...NO_MODIFIERS });
    return this;
  }

  /** Press and release a key, for example `key('z', { ctrl: true })`. */
  key(key: string, options: Partial<KeyInput> = {}): this {
    return this.keyDown(key, options).keyUp(key, options);
  }

  keyDown(key: string, options: Partial<KeyInput> = {}): this {
    this.dispatch({ type: 'key_down', key, code: codeOf(key), repeat: false, ...NO_MODIFIERS, ...options });
    return this;
  }

  keyUp(key: string, options: Partial<KeyInput> = {}): this {
    this.dispatch({ type: 'key_up', key, code: codeOf(key), repeat: false, ...NO_MODIFIERS, ...options });
    return this;
  }

  /** The states of the frame in order of their client ids. */
  get objects(): ObjectState[] {
    return [...this.scene.states.values()].sort((a, b) => a.clientId - b.clientId);
  }

  expectPath(path: string): this {
    if (this.path !== path) throw new Error(`The active state is ${this.path}, not ${path}.`);
    return this;
  }

  private pointer(type: PointerInput['type'], x: number, y: number, options: Partial<PointerInput>): this {
    const { x: screenX, y: screenY } = this.view.camera.toScreen({ x, y });
    this.dispatch({ type, x, y, screenX, screenY, button: 0, ...NO_MODIFIERS, ...options });
    return this;
  }
}

function codeOf(key: string): string {
  if (/^[a-z]$/i.test(key)) return `Key${key.toUpperCase()}`;
  return /^\d$/.test(key) ? `Digit${key}` : key;
}

export function label(
  id: number,
  name: string,
  type: LabelType = 'any',
  more: Partial<LabelRead> = {},
): LabelRead {
  const color = ['#ff0000', '#00ff00', '#0000ff'][id % 3]!;
  return {
    id,
    name,
    color,
    type,
    attributes: [],
    sublabels: [],
    has_parent: false,
    parent_id: null,
    ...more,
  };
}

export function shape(data: Partial<Shape> = {}): Shape {
  return {
    ...keyframe(0),
    label_id: 1,
    group: 0,
    source: 'manual',
    score: 1,
    elements: [],
    ...data,
  };
}

export function keyframe(frame: number, data: Partial<TrackedShape> = {}): TrackedShape {
  return {
    type: 'rectangle',
    frame,
    points: [10, 10, 50, 40],
    rotation: 0,
    occluded: false,
    outside: false,
    z_order: 0,
    attributes: [],
    id: null,
    ...data,
  };
}

export function track(shapes: TrackedShape[], data: Partial<Track> = {}): Track {
  return {
    label_id: 1,
    frame: shapes[0]!.frame,
    shapes,
    group: 0,
    source: 'manual',
    attributes: [],
    elements: [],
    id: null,
    ...data,
  };
}

export function tag(data: Partial<Tag> = {}): Tag {
  return { label_id: 1, frame: 0, group: 0, source: 'manual', attributes: [], id: null, ...data };
}

/** Base data of a few objects. */
export function baseOf(objects: { shapes?: Shape[]; tracks?: Track[]; tags?: Tag[] }) {
  return fromLabeledData({ ...emptyLabeledData(), ...objects });
}
