/**
 * A page for tests in a real browser: an editor with a seeded scene, random edits, and the pixels of the shapes layer.
 *
 * Served by `tests/e2e/test_canvas_pixels.py`.
 */

import { CanvasHost, Editor, type Settings } from '@cvat-lab/canvas';
import { HEIGHT, makeBase, makeFrames, makeLabels, random, WIDTH } from './scene';

const FRAMES = [0, 1, 2];

/** Largest difference of a channel, and the number of pixels that differ at all. */
interface Difference {
  readonly largest: number;
  readonly pixels: number;
}

class Harness {
  editor!: Editor;
  host!: CanvasHost;

  async open(count: number, seed: number, settings: Partial<Settings>): Promise<void> {
    this.host?.destroy();
    document.body.innerHTML = '<div id="canvas" style="width: 1600px; height: 900px"></div>';
    const source = await makeFrames();
    this.editor = new Editor({
      labels: makeLabels(),
      frames: FRAMES,
      source,
      base: makeBase(count, FRAMES, seed),
      settings,
    });
    this.host = new CanvasHost(this.editor, document.getElementById('canvas')!);
    await this.editor.open();
    await this.painted();
  }

  /** One random edit of one object, or a lift and a drop, or an undo. */
  edit(seed: number): string {
    const { editor } = this;
    const next = random(seed);
    const items = editor.scene.drawingOrder;
    const item = items[Math.floor(next() * items.length)]!;
    const { clientId, z_order, occluded } = item.state;
    const kinds = ['move', 'z', 'occlude', 'hide', 'remove', 'add', 'undo', 'lift'] as const;
    const kind = kinds[Math.floor(next() * kinds.length)]!;
    const update = (patch: object) =>
      editor.annotations.update(kind, editor.frame, new Map([[clientId, patch]]));
    if (kind === 'move') update({ points: item.state.points.map((value) => value + next() * 40 - 20) });
    else if (kind === 'z') update({ z_order: z_order + (next() < 0.5 ? 1 : -1) });
    else if (kind === 'occlude') update({ occluded: !occluded });
    else if (kind === 'hide') update({ hidden: true });
    else if (kind === 'remove') editor.annotations.remove(kind, editor.frame, [clientId]);
    else if (kind === 'undo') editor.undo();
    else if (kind === 'lift') editor.feedback.lift(next() < 0.5 ? [clientId] : []);
    else this.add(next);
    return kind;
  }

  /** Draws what the edits left dirty; then everything; and compares. */
  async compare(): Promise<Difference> {
    await this.painted();
    const partial = this.pixels();
    this.editor.set({});
    this.host.renderer.flush();
    const full = this.pixels();
    let largest = 0;
    let pixels = 0;
    for (let i = 0; i < full.length; i += 4) {
      let difference = 0;
      for (let c = 0; c < 4; c++) difference = Math.max(difference, Math.abs(full[i + c]! - partial[i + c]!));
      largest = Math.max(largest, difference);
      if (difference > 0) pixels += 1;
    }
    return { largest, pixels };
  }

  /** Number of pixels of the shapes layer that are not transparent. */
  paintedPixels(): number {
    const pixels = this.pixels();
    let painted = 0;
    for (let i = 3; i < pixels.length; i += 4) if (pixels[i]! > 0) painted += 1;
    return painted;
  }

  pixels(): Uint8ClampedArray {
    const layers = [...document.querySelectorAll<HTMLCanvasElement>('canvas[data-layer=shapes]')];
    const canvas = layers.find((layer) => layer.style.visibility !== 'hidden')!;
    return canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
  }

  painted(): Promise<void> {
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
  }

  private add(next: () => number): void {
    const x = next() * (WIDTH - 60);
    const y = next() * (HEIGHT - 60);
    this.editor.drawing.set({ type: 'rectangle', kind: next() < 0.5 ? 'shape' : 'track', label_id: 1 });
    this.editor.drawing.finish([x, y, x + 50, y + 40]);
  }
}

Object.assign(globalThis, { harness: new Harness() });
