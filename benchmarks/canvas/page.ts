/** The page that `benchmarks/canvas.py` measures: an editor with a seeded scene, and one function per operation. */

import { makeBase, makeFrames, makeLabels, random } from '../../widgets/ts/canvas/bench/scene';
import { CanvasHost, Editor, type PointerInput, type SceneItem } from '../../widgets/ts/canvas/src';

const FRAMES = Array.from({ length: 200 }, (_, i) => i);
const NO_MODIFIERS = { shift: false, ctrl: false, alt: false, meta: false };
const WHEEL_EVENTS = 5;
const DRAG_STEPS = 40;
const HOVERS = 60;

/** Milliseconds. */
interface Timing {
  /** Until what was asked for is on the screen. */
  readonly painted: number;
  /** Of that, in our own code. */
  readonly script: number;
}

class Bench {
  private editor!: Editor;
  private host!: CanvasHost;
  private frame = 0;

  async open(count: number): Promise<void> {
    this.host?.destroy();
    document.body.innerHTML = '<div id="canvas" style="width: 1600px; height: 900px"></div>';
    this.editor = new Editor({
      labels: makeLabels(),
      frames: FRAMES,
      source: await makeFrames(),
      base: makeBase(count, FRAMES),
      settings: { opacity: 30, colorBy: 'label' },
    });
    this.host = new CanvasHost(this.editor, document.getElementById('canvas')!);
    this.frame = 0;
    await this.editor.open();
    await painted();
  }

  /** Two animation frames in which nothing happens: every other time contains this. */
  async floor(): Promise<Timing> {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const start = performance.now();
    await painted();
    return { painted: performance.now() - start, script: 0 };
  }

  /** Another frame with new ids; its base data is made beforehand, as the client has it when the job is open. */
  async switchFrame(): Promise<Timing> {
    this.frame += 1;
    this.editor.annotations.materialize(this.frame);
    await painted();
    const start = performance.now();
    await this.editor.player.goTo(this.frame);
    this.host.renderer.flush();
    const script = performance.now() - start;
    await painted();
    return { painted: performance.now() - start, script };
  }

  /** The pointer comes to another shape with each move: an empty place would cost, and show, nothing. */
  async hover(seed: number): Promise<Timing> {
    const next = random(seed);
    const items = this.editor.scene.drawingOrder;
    const places = Array.from({ length: HOVERS }, () => middleOf(items[Math.floor(next() * items.length)]!));
    let script = 0;
    const start = performance.now();
    for (const place of places) {
      const { x, y } = this.editor.view.camera.toScreen(place);
      const before = performance.now();
      this.pointer('pointer_move', x, y);
      this.host.renderer.flush();
      script += performance.now() - before;
      await painted();
    }
    return { painted: (performance.now() - start) / HOVERS, script: script / HOVERS };
  }

  /** Drag one box: the first move until the next animation frame, all later ones, and the drop until it is painted. */
  async drag(seed: number): Promise<{ start: number; script: number; frame: number; drop: number }> {
    const boxes = this.editor.scene.drawingOrder.filter(isLargeBox);
    const item = boxes[seed % boxes.length]!;
    this.editor.selection.activate(item.state.clientId);
    const [x1, y1, x2, y2] = item.state.points as [number, number, number, number];
    const { x, y } = this.editor.view.camera.toScreen({ x: (x1 + x2) / 2 - 1, y: (y1 + y2) / 2 - 1 });
    await painted();
    let time = performance.now();
    this.pointer('pointer_down', x, y, { ctrl: true });
    this.pointer('pointer_move', x + 6, y + 4);
    this.host.renderer.flush();
    const script = performance.now() - time;
    await frame();
    const start = performance.now() - time;
    await frame();
    time = performance.now();
    for (let i = 1; i <= DRAG_STEPS; i++) {
      this.pointer('pointer_move', x + 6 + i, y + 4 + i / 2);
      await frame();
    }
    const perFrame = (performance.now() - time) / DRAG_STEPS;
    time = performance.now();
    this.pointer('pointer_up', x + 6 + DRAG_STEPS, y + 4 + DRAG_STEPS / 2);
    await painted();
    const drop = performance.now() - time;
    if (this.editor.annotations.history.undoTitle !== 'Move') throw new Error('Nothing was dragged.');
    this.editor.undo();
    await painted();
    return { start, script, frame: perFrame, drop };
  }

  /** Zoom in by the wheel: milliseconds per event during the gesture, then until everything is sharp again. */
  async zoom(): Promise<{ frame: number; crisp: number; longest: number }> {
    this.editor.view.fit();
    this.host.renderer.flush();
    await painted();
    const before = this.editor.view.camera.zoom;
    let time = performance.now();
    for (let i = 0; i < WHEEL_EVENTS; i++) {
      this.editor.dispatch({ type: 'wheel', screenX: 800, screenY: 450, deltaY: -100, ...NO_MODIFIERS });
      await frame();
    }
    const perFrame = (performance.now() - time) / WHEEL_EVENTS;
    time = performance.now();
    const ratio = this.editor.view.camera.zoom / before;
    if (Math.abs(ratio - 1.2 ** WHEEL_EVENTS) > 1e-6) throw new Error(`The zoom is ${ratio}, not 1.2^5.`);
    const longest = await this.untilSharp();
    return { frame: perFrame, crisp: performance.now() - time - 100, longest };
  }

  private async untilSharp(): Promise<number> {
    let longest = 0;
    for (;;) {
      const before = performance.now();
      await frame();
      longest = Math.max(longest, performance.now() - before);
      if ([...document.querySelectorAll('canvas')].every((canvas) => canvas.style.transform === '')) break;
    }
    const before = performance.now();
    await painted();
    return Math.max(longest, (performance.now() - before) / 2);
  }

  private pointer(
    type: PointerInput['type'],
    screenX: number,
    screenY: number,
    more: Partial<PointerInput> = {},
  ): void {
    const { x, y } = this.editor.view.camera.toImage({ x: screenX, y: screenY });
    this.editor.dispatch({ type, x, y, screenX, screenY, button: 0, ...NO_MODIFIERS, ...more });
  }
}

/** Large enough that its middle is no handle. */
function isLargeBox({ state, bounds }: SceneItem): boolean {
  return state.type === 'rectangle' && bounds.maxX - bounds.minX > 40 && bounds.maxY - bounds.minY > 40;
}

function middleOf({ bounds }: SceneItem): { x: number; y: number } {
  return { x: (bounds.minX + bounds.maxX) / 2, y: (bounds.minY + bounds.maxY) / 2 };
}

function frame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}

/** What was asked for before is drawn in the first animation frame; in the second one it has been painted. */
async function painted(): Promise<void> {
  await frame();
  await frame();
}

Object.assign(globalThis, { bench: new Bench() });
