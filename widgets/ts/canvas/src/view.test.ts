import { describe, expect, it } from 'vitest';
import { View } from './view';

function viewOf(width: number, height: number): View {
  const view = new View(() => {});
  view.setFrameSize({ width: 640, height: 320 }, true);
  view.setViewport({ width, height });
  return view;
}

describe('a canvas of another size', () => {
  it('shows the whole frame if it did so before', () => {
    const view = viewOf(640, 320);
    view.setViewport({ width: 320, height: 200 });
    expect(view.camera.equals(viewOf(320, 200).camera)).toBe(true);
  });

  it('keeps what was in the middle there, at the same zoom', () => {
    const view = viewOf(640, 320);
    view.zoomBy(2, { x: 100, y: 50 });
    const { zoom } = view.camera;
    const before = view.camera.toImage({ x: 320, y: 160 });
    view.setViewport({ width: 300, height: 200 });
    expect(view.camera.zoom).toBe(zoom);
    expect(view.camera.toImage({ x: 150, y: 100 })).toEqual(before);
  });
});
