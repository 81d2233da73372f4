import { describe, expect, it } from 'vitest';
import { decodeEnvelope, encodeEnvelope } from './envelope';
import { FormatError } from './errors';
import { decodeJob, JobData } from './jobData';
import { encodeColumns, jobEnvelope, SCHEMAS } from './testing/jobEnvelope';

const BATCHINGS = [undefined, 2];

function open(rows: Parameters<typeof jobEnvelope>[1], maxBatchRows?: number): JobData {
  return new JobData(decodeEnvelope(jobEnvelope({}, rows, maxBatchRows)));
}

describe('an opened job', () => {
  it('has the header as it was sent', () => {
    const header = { job: { id: 3 }, task: { id: 2 }, labels: [{ id: 7 }], meta: { size: 4 }, revision: 12 };
    const opened = decodeJob(jobEnvelope(header));
    expect(opened).toMatchObject(header);
    expect(opened.data.shapesAt(0)).toEqual([]);
    expect(opened.data.tracks()).toEqual([]);
  });

  it.each(BATCHINGS)('gives the shapes of a frame with all fields (batches of %s rows)', (batch) => {
    const data = open(
      {
        shapes: [
          { id: 1, frame: 0, label_id: 5, points: [1, 2, 3, 4.5] },
          {
            id: 2 ** 40,
            frame: 3,
            label_id: 6,
            group: 9,
            source: 'auto',
            attributes: [
              { spec_id: 8, value: 'rot' },
              { spec_id: 9, value: '' },
            ],
            type: 'polygon',
            points: [0, 0, 5, 0, 5, 5],
            rotation: 12.5,
            occluded: true,
            z_order: -4,
            score: 0.25,
          },
          { id: 4, frame: 3, label_id: 5, type: 'mask', points: [0, 4, 3, 4, 4, 5] },
        ],
      },
      batch,
    );
    expect(data.shapesAt(3)).toEqual([
      {
        id: 2 ** 40,
        frame: 3,
        label_id: 6,
        group: 9,
        source: 'auto',
        attributes: [
          { spec_id: 8, value: 'rot' },
          { spec_id: 9, value: '' },
        ],
        type: 'polygon',
        points: [0, 0, 5, 0, 5, 5],
        rotation: 12.5,
        occluded: true,
        outside: false,
        z_order: -4,
        score: 0.25,
        elements: [],
      },
      expect.objectContaining({ id: 4, type: 'mask', source: 'manual', points: [0, 4, 3, 4, 4, 5] }),
    ]);
    expect(data.shapesAt(0).map(({ id }) => id)).toEqual([1]);
    expect(data.shapesAt(1)).toEqual([]);
    expect([...data.shapeIndex.frames]).toEqual([0, 3]);
  });

  it('makes fresh objects, so that an editor may change them', () => {
    const data = open({ shapes: [{ id: 1, frame: 0, label_id: 5, points: [1, 2, 3, 4] }] });
    data.shapesAt(0)[0]!.points[0] = 99;
    expect(data.shapesAt(0)[0]!.points).toEqual([1, 2, 3, 4]);
  });

  it.each(BATCHINGS)('puts the elements of a skeleton into it (batches of %s rows)', (batch) => {
    const element = { type: 'points', parent_id: 10, frame: 2 };
    const data = open(
      {
        shapes: [
          { id: 9, frame: 2, label_id: 1, points: [0, 0, 1, 1] },
          { id: 10, frame: 2, label_id: 2, type: 'skeleton', points: [] },
          { ...element, id: 11, label_id: 3, points: [1, 1] },
          { ...element, id: 12, label_id: 4, points: [2, 2], outside: true },
        ],
      },
      batch,
    );
    const [box, skeleton, ...rest] = data.shapesAt(2);
    expect(rest).toEqual([]);
    expect(box).toMatchObject({ id: 9, elements: [] });
    expect(skeleton!.elements.map(({ id, points, outside }) => [id, points, outside])).toEqual([
      [11, [1, 1], false],
      [12, [2, 2], true],
    ]);
  });

  it('gives tags by frame', () => {
    const data = open({
      tags: [
        { id: 1, frame: 0, label_id: 5 },
        { id: 2, frame: 4, label_id: 6, attributes: [{ spec_id: 1, value: 'x' }] },
      ],
    });
    const fields = { group: 0, source: 'manual' };
    expect(data.tagsAt(4)).toEqual([
      { id: 2, frame: 4, label_id: 6, attributes: [{ spec_id: 1, value: 'x' }], ...fields },
    ]);
    expect(data.tagsAt(1)).toEqual([]);
  });

  it.each(BATCHINGS)('joins tracks with their keyframes and elements (batches of %s rows)', (batch) => {
    const data = open(
      {
        tracks: [
          { id: 1, frame: 0, label_id: 5 },
          { id: 2, frame: 0, label_id: 6 },
          { id: 3, frame: 0, label_id: 7, parent_id: 2 },
        ],
        keyframes: [
          { id: 1, track_id: 1, frame: 0, points: [0, 0, 1, 1] },
          { id: 2, track_id: 1, frame: 8, points: [5, 5, 6, 6], outside: true },
          { id: 3, track_id: 2, frame: 0, type: 'skeleton', points: [] },
          {
            id: 4,
            track_id: 3,
            frame: 0,
            type: 'points',
            points: [3, 3],
            attributes: [{ spec_id: 2, value: 'a' }],
          },
        ],
      },
      batch,
    );
    const [box, skeleton, ...rest] = data.tracks();
    expect(rest).toEqual([]);
    expect(box!.shapes.map(({ frame, outside }) => [frame, outside])).toEqual([
      [0, false],
      [8, true],
    ]);
    expect(skeleton!.elements).toHaveLength(1);
    expect(skeleton!.elements[0]!.shapes[0]).toMatchObject({
      points: [3, 3],
      attributes: [{ spec_id: 2, value: 'a' }],
    });
    expect(data.tracks()).toBe(data.tracks());
  });

  it('finds frames by number, with holes', () => {
    const { frames } = open({
      frames: [
        { number: 4, name: 'a.png' },
        { number: 6, name: 'b.png', deleted: true, related_files: 2, width: 10, height: 20 },
      ],
    });
    expect(frames.find(6)).toEqual({
      number: 6,
      name: 'b.png',
      width: 10,
      height: 20,
      relatedFiles: 2,
      deleted: true,
    });
    expect(frames.find(5)).toBeNull();
    expect(frames.rowOf(4)).toBe(0);
  });

  it('refuses rows that are not in order', () => {
    const rows = { shapes: [4, 2].map((frame) => ({ id: frame, frame, label_id: 1, points: [0, 0, 1, 1] })) };
    expect(() => open(rows)).toThrow(FormatError);
    expect(() => open(rows)).toThrow('Section shapes is not sorted: frame 2 in row 1 follows 4');
  });
});

describe('speed', () => {
  const shapes = 100_000;
  const perFrame = 100;

  /** A job of polygons with eight corners. */
  function largeJob() {
    const rows = Array.from({ length: shapes }, (_, i) => i);
    const columns = {
      id: rows,
      frame: rows.map((i) => Math.floor(i / perFrame)),
      label_id: rows.map((i) => i % 10),
      group: rows.map(() => 0),
      source: rows.map((i) => (i % 3 ? 'manual' : 'auto')),
      attributes: rows.map((i) => (i % 2 ? [] : [{ spec_id: 1, value: 'x' }])),
      parent_id: rows.map(() => null),
      type: rows.map(() => 'polygon'),
      points: rows.map((i) => Array.from({ length: 16 }, (_, k) => i + k)),
      rotation: rows.map(() => 0),
      occluded: rows.map(() => false),
      outside: rows.map(() => false),
      z_order: rows.map(() => 0),
      score: rows.map(() => 1),
    };
    const empty = decodeEnvelope(jobEnvelope({}));
    const sections = {
      ...Object.fromEntries(empty.sections),
      shapes: encodeColumns(columns, SCHEMAS.shapes),
    };
    return encodeEnvelope({}, sections);
  }

  function fastest(times: number, work: (n: number) => unknown): number {
    const measured = Array.from({ length: times }, (_, n) => {
      const start = performance.now();
      work(n);
      return performance.now() - start;
    });
    return Math.min(...measured);
  }

  it('opens 100 000 shapes in less than 50 ms, and makes the objects of a frame in less than 1 ms', () => {
    const body = largeJob();
    const opening = fastest(5, () => decodeJob(body));
    const { data } = decodeJob(body);
    const making = fastest(50, (n) => data.shapesAt(n));
    console.info(`open: ${opening.toFixed(1)} ms, frame of ${perFrame}: ${making.toFixed(3)} ms`);
    expect(data.shapesAt(7)).toHaveLength(perFrame);
    expect(opening).toBeLessThan(50);
    expect(making).toBeLessThan(1);
  }, 60_000);
});
