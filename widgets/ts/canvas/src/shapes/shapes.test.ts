import type { ShapeType } from '@cvat-lab/schema';
import { describe, expect, it } from 'vitest';
import { boxContains, boxOf, inflateBox } from '../geometry';
import { Labels } from '../model/labels';
import { label } from '../testing/TestEditor';
import { shapeUtil } from './registry';
import { type Geometry, type PathSink, patched } from './ShapeUtil';

const FRAME = { width: 200, height: 100 };
const POINT = { occluded: false, outside: false, attributes: [] };
const SVG = `<line data-type="edge" data-node-from="1" data-node-to="2"></line>
  <circle data-type="element node" data-element-id="1" data-node-id="1" data-label-id="11"></circle>
  <circle data-type="element node" data-element-id="2" data-node-id="2" data-label-name="hand"></circle>`;
const SKELETON = label(10, 'person', 'skeleton', {
  svg: SVG,
  sublabels: [label(11, 'head', 'points'), label(12, 'hand', 'points')],
});
const LABELS = new Labels([SKELETON]);

/** One of each kind: where it is, a place on it and one beside it. */
const SAMPLES: Record<ShapeType, { geometry: Geometry; on: [number, number]; off: [number, number] }> = {
  rectangle: sample('rectangle', [20, 20, 60, 40], [30, 30], [70, 30]),
  ellipse: sample('ellipse', [40, 40, 60, 30], [50, 40], [59, 49]),
  polygon: sample('polygon', [20, 20, 60, 20, 40, 60], [40, 30], [22, 58]),
  polyline: sample('polyline', [20, 20, 60, 20, 60, 60], [40, 21], [40, 40]),
  points: sample('points', [20, 20, 60, 60], [61, 60], [40, 40]),
  cuboid: sample(
    'cuboid',
    [20, 30, 20, 60, 50, 30, 50, 60, 60, 25, 60, 50, 30, 25, 30, 50],
    [40, 45],
    [90, 45],
  ),
  // Rows of 4 pixels: .##. / .##. / ...#
  mask: sample('mask', [1, 2, 2, 2, 4, 1, 20, 10, 23, 12], [21.5, 11.5], [20.5, 10.5]),
  skeleton: {
    geometry: {
      ...sample('skeleton', [], [0, 0], [0, 0]).geometry,
      label_id: 10,
      elements: [
        { ...POINT, label_id: 11, points: [20, 20] },
        { ...POINT, label_id: 12, points: [60, 20] },
      ],
    },
    on: [40, 21],
    off: [40, 40],
  },
};

function sample(type: ShapeType, points: number[], on: [number, number], off: [number, number]) {
  return { geometry: { type, points, rotation: 0, elements: [] } as Geometry, on, off };
}

class Recorder implements PathSink {
  readonly points: number[] = [];
  subpaths = 0;
  moveTo(x: number, y: number) {
    this.subpaths += 1;
    this.points.push(x, y);
  }
  lineTo(x: number, y: number) {
    this.points.push(x, y);
  }
  closePath() {}
  ellipse(x: number, y: number, rx: number, ry: number) {
    this.points.push(x - rx, y - ry, x + rx, y + ry);
  }
}

function outlineOf(geometry: Geometry) {
  const sink = new Recorder();
  shapeUtil(geometry.type).trace(geometry, sink, LABELS);
  return sink;
}

describe.each(Object.values(SAMPLES).map((item) => [item.geometry.type, item] as const))(
  '%s',
  (type, { geometry, on, off }) => {
    const util = shapeUtil(type);

    it('is hit on itself and not beside', () => {
      expect(util.distance(geometry, { x: on[0], y: on[1] }, 3, LABELS)).toBeGreaterThanOrEqual(0);
      expect(util.distance(geometry, { x: off[0], y: off[1] }, 3, LABELS)).toBeNull();
    });

    it('draws inside its bounds', () => {
      const drawn = [...outlineOf(geometry).points, ...util.dots(geometry)];
      expect(drawn.length).toBeGreaterThan(0);
      expect(boxContains(inflateBox(util.bounds(geometry), 1e-9), boxOf(drawn))).toBe(true);
    });

    it('moves with everything', () => {
      const before = util.bounds(geometry);
      const after = util.bounds(patched(geometry, util.translate(geometry, 7, -4)));
      expect(after.minX - before.minX).toBeCloseTo(7);
      expect(after.maxY - before.maxY).toBeCloseTo(-4);
    });

    it('has handles that do what they say', () => {
      for (const handle of util.handles(geometry, 1)) {
        const to = { x: handle.x + 5, y: handle.y + 3 };
        const moved = patched(
          geometry,
          util.dragHandle(geometry, handle, to, { constrained: false, frame: FRAME })!,
        );
        expect(moved).not.toEqual(geometry);
        if (handle.kind === 'vertex') expect(util.handles(moved, 1)).toContainEqual({ ...handle, ...to });
      }
    });

    it('is kept when it is finished inside the frame', () => {
      const finished = util.finish(geometry, FRAME);
      expect(finished).not.toBeNull();
      expect(util.bounds(patched(geometry, finished!))).toEqual(util.bounds(geometry));
    });
  },
);

describe('mask', () => {
  it('is drawn as the outline of its pixels', () => {
    const ring = [0, 4, 1, 4, 10, 10, 12, 12];
    const sink = outlineOf({ ...SAMPLES.mask.geometry, points: ring });
    // An outer square of four corners and a hole of four corners.
    expect(sink.subpaths).toBe(2);
    expect(sink.points).toHaveLength(16);
    expect(boxOf(sink.points)).toEqual({ minX: 10, minY: 10, maxX: 13, maxY: 13 });
  });

  it('moves by whole pixels', () => {
    const { points } = shapeUtil('mask').translate(SAMPLES.mask.geometry, 2.6, -1.4);
    expect(points!.slice(-4)).toEqual([23, 9, 26, 11]);
  });
});

describe('rectangle', () => {
  it('R8.1 is discarded below 9 px²', () => {
    const finish = (points: number[]) =>
      shapeUtil('rectangle').finish({ ...SAMPLES.rectangle.geometry, points }, FRAME);
    expect(finish([10, 10, 12.9, 13])).toBeNull();
    expect(finish([10, 10, 13, 13])).not.toBeNull();
  });

  it('can be grabbed by its body when it is small', () => {
    const small = { ...SAMPLES.rectangle.geometry, points: [20, 20, 30, 30] };
    expect(
      shapeUtil('rectangle')
        .handles(small, 1)
        .filter((handle) => handle.kind === 'resize'),
    ).toHaveLength(4);
    expect(
      shapeUtil('rectangle')
        .handles(small, 0.1)
        .filter((handle) => handle.kind === 'resize'),
    ).toHaveLength(8);
  });
});

describe('skeleton', () => {
  it('joins its points by the edges of the drawing of its label', () => {
    expect(LABELS.skeletonEdges(10)).toEqual([[11, 12]]);
    expect(outlineOf(SAMPLES.skeleton.geometry).points).toEqual([20, 20, 60, 20]);
  });
});
