import type { ChangeSet } from '@cvat-lab/schema';
import { describe, expect, it } from 'vitest';
import { baseOf, keyframe, label, shape, tag, track } from '../testing/TestEditor';
import { Annotations } from './annotations';
import { emptyLabeledData } from './base';
import { Labels } from './labels';

const LABELS = new Labels([label(1, 'car'), label(2, 'person')]);

function open(objects: Parameters<typeof baseOf>[0] = {}) {
  return new Annotations({ labels: LABELS, base: baseOf(objects), revision: 7 });
}

/** A document with one stored shape on frame 0 and its client id. */
function openShape() {
  const annotations = open({ shapes: [shape({ id: 100, points: [0, 0, 10, 10] })] });
  const { clientId } = annotations.statesAt(0)[0]!;
  return { annotations, clientId };
}

function change(parts: Partial<ChangeSet>): ChangeSet {
  const none = { tags: [], shapes: [], tracks: [] };
  return {
    base_revision: 0,
    change_id: null,
    created: emptyLabeledData(),
    updated: emptyLabeledData(),
    deleted: none,
    ...parts,
  };
}

function move(annotations: Annotations, clientId: number, points: number[]) {
  annotations.update('Move', 0, new Map([[clientId, { points }]]));
}

describe('reading', () => {
  it('R4.6 makes the shapes of a frame when it is looked at', () => {
    const asked: number[] = [];
    const base = baseOf({ shapes: [shape({ id: 1, frame: 3 }), shape({ id: 2, frame: 4 })] });
    const shapesAt = (frame: number) => {
      asked.push(frame);
      return base.shapesAt(frame);
    };
    const spied = { ...base, shapesAt };
    const annotations = new Annotations({ labels: LABELS, base: spied });
    expect(asked).toEqual([]);
    expect(annotations.hasObjects(3)).toBe(true);
    expect(annotations.hasObjects(5)).toBe(false);
    expect(annotations.statesAt(3)).toMatchObject([{ frame: 3, kind: 'shape' }]);
    annotations.statesAt(3);
    expect(asked).toEqual([3]);
  });

  it('R5.8 R5.9 shows tracks from their first keyframe on, and knows where they are outside', () => {
    const annotations = open({
      tracks: [
        track([
          keyframe(2, { points: [0, 0, 10, 10] }),
          keyframe(6, { points: [40, 0, 50, 10], outside: true }),
        ]),
      ],
    });
    expect(annotations.statesAt(1)).toEqual([]);
    expect(annotations.statesAt(4)).toMatchObject([
      { points: [20, 0, 30, 10], keyframe: false, outside: false },
    ]);
    expect(annotations.hasObjects(5)).toBe(true);
    expect(annotations.hasObjects(6)).toBe(false);
    expect(annotations.statesAt(9)).toMatchObject([{ outside: true }]);
  });

  it('opens 100 000 shapes without making them', () => {
    const shapes = Array.from({ length: 100_000 }, (_, i) => shape({ id: i + 1, frame: i % 1000 }));
    const base = baseOf({ shapes });
    const annotations = new Annotations({ labels: LABELS, base });
    expect(annotations.statesAt(500)).toHaveLength(100);
    expect([...annotations.all()]).toHaveLength(100);
  });
});

describe('pending changes', () => {
  it('create and update make one creation, create and delete nothing', () => {
    const annotations = open();
    const [first, second] = annotations.add('Draw', 0, [
      { kind: 'shape', data: shape() },
      { kind: 'tag', data: tag() },
    ]);
    move(annotations, first!, [1, 2, 30, 40]);
    annotations.remove('Delete', 0, [second!]);
    expect(annotations.takeChanges('a')).toMatchObject({
      base_revision: 7,
      change_id: 'a',
      created: { shapes: [{ points: [1, 2, 30, 40] }], tags: [] },
      updated: { shapes: [] },
      deleted: { tags: [] },
    });
  });

  it('update sends whole objects with their ids, and delete their ids', () => {
    const { annotations, clientId } = openShape();
    move(annotations, clientId, [1, 1, 11, 11]);
    expect(annotations.peekChanges()!.updated.shapes).toMatchObject([
      { id: 100, points: [1, 1, 11, 11], label_id: 1 },
    ]);
    annotations.remove('Delete', 0, [clientId]);
    expect(annotations.peekChanges()).toMatchObject({ updated: { shapes: [] }, deleted: { shapes: [100] } });
  });

  it('edits that cancel each other out, and appearance, are not sent', () => {
    const { annotations, clientId } = openShape();
    annotations.update('Lock', 0, new Map([[clientId, { locked: true }]]));
    expect(annotations.hasChanges).toBe(false);
    move(annotations, clientId, [1, 1, 11, 11]);
    expect(annotations.hasChanges).toBe(true);
    annotations.history.undo();
    expect(annotations.hasChanges).toBe(false);
    expect(annotations.takeChanges('a')).toBeNull();
  });

  it('confirmed objects have ids; later edits update them', () => {
    const annotations = open();
    const [clientId] = annotations.add('Draw', 0, [{ kind: 'shape', data: shape() }]);
    annotations.takeChanges('a');
    move(annotations, clientId!, [5, 5, 20, 20]);
    annotations.confirm({ revision: 8, created: { tags: [], shapes: [55], tracks: [] } });
    expect(annotations.takeChanges('b')).toMatchObject({
      base_revision: 8,
      created: { shapes: [] },
      updated: { shapes: [{ id: 55, points: [5, 5, 20, 20] }] },
    });
  });

  it('an object that was deleted while its creation was on the way is deleted afterwards', () => {
    const annotations = open();
    const [clientId] = annotations.add('Draw', 0, [{ kind: 'shape', data: shape() }]);
    annotations.takeChanges('a');
    annotations.remove('Delete', 0, [clientId!]);
    annotations.confirm({ revision: 8, created: { tags: [], shapes: [55], tracks: [] } });
    expect(annotations.takeChanges('b')).toMatchObject({ deleted: { shapes: [55] } });
  });

  it('restored changes are sent again, together with later ones', () => {
    const { annotations, clientId } = openShape();
    move(annotations, clientId, [1, 1, 11, 11]);
    annotations.takeChanges('a');
    annotations.update('Occluded', 0, new Map([[clientId, { occluded: true }]]));
    annotations.restore();
    const sent = annotations.takeChanges('b')!;
    expect(sent.updated.shapes).toMatchObject([{ id: 100, points: [1, 1, 11, 11], occluded: true }]);
  });

  it('objects without ids can be told apart in the journal', () => {
    const annotations = open();
    const [clientId] = annotations.add('Draw', 0, [{ kind: 'shape', data: shape() }]);
    expect(annotations.peekChanges()!.created.shapes[0]!.id).toBe(-clientId!);
    annotations.takeChanges('a');
    move(annotations, clientId!, [5, 5, 20, 20]);
    expect(annotations.peekChanges()!.updated.shapes[0]!.id).toBe(-clientId!);
  });

  it('nothing is taken in the middle of a gesture, and nothing twice', () => {
    const { annotations, clientId } = openShape();
    annotations.history.mark('Move', 0);
    move(annotations, clientId, [1, 1, 11, 11]);
    expect(annotations.takeChanges('a')).toBeNull();
    annotations.history.commit();
    annotations.takeChanges('a');
    expect(() => annotations.takeChanges('b')).toThrow('confirm or restore');
  });

  it('a wrong number of ids is refused', () => {
    const annotations = open();
    annotations.add('Draw', 0, [{ kind: 'shape', data: shape() }]);
    annotations.takeChanges('a');
    const answer = { revision: 8, created: { tags: [], shapes: [], tracks: [] } };
    expect(() => annotations.confirm(answer)).toThrow('0 ids for 1 created shapes');
  });
});

describe('history', () => {
  it('R4.9 a gesture is one step; bail takes it back', () => {
    const { annotations, clientId } = openShape();
    annotations.history.mark('Move', 0);
    for (let x = 1; x <= 5; x++) move(annotations, clientId, [x, 0, 10 + x, 10]);
    annotations.history.commit();
    expect(annotations.history.undoTitle).toBe('Move');
    annotations.history.mark('Move', 0);
    move(annotations, clientId, [50, 50, 60, 60]);
    annotations.history.bail();
    expect(annotations.stateOf(clientId, 0)!.points).toEqual([5, 0, 15, 10]);
    annotations.history.undo();
    expect(annotations.stateOf(clientId, 0)!.points).toEqual([0, 0, 10, 10]);
    annotations.history.redo();
    expect(annotations.stateOf(clientId, 0)!.points).toEqual([5, 0, 15, 10]);
  });

  it('undo after saving sends the reverse', () => {
    const annotations = open();
    const [clientId] = annotations.add('Draw', 0, [{ kind: 'shape', data: shape() }]);
    annotations.takeChanges('a');
    annotations.confirm({ revision: 8, created: { tags: [], shapes: [55], tracks: [] } });
    annotations.history.undo();
    expect(annotations.takeChanges('b')).toMatchObject({ deleted: { shapes: [55] } });
    annotations.confirm({ revision: 9, created: { tags: [], shapes: [], tracks: [] } });
    annotations.history.redo();
    const sent = annotations.takeChanges('c')!;
    expect(sent.created.shapes).toHaveLength(1);
    annotations.confirm({ revision: 10, created: { tags: [], shapes: [56], tracks: [] } });
    expect(annotations.serverId(annotations.get(clientId!)!)).toBe(56);
  });

  it('undoing a deletion after saving creates the object anew, without old ids', () => {
    const annotations = open({ tracks: [track([keyframe(0, { id: 9 })], { id: 3 })] });
    annotations.remove('Delete', 0, [annotations.statesAt(0)[0]!.clientId]);
    annotations.takeChanges('a');
    annotations.confirm({ revision: 8, created: { tags: [], shapes: [], tracks: [] } });
    annotations.history.undo();
    expect(annotations.takeChanges('b')!.created.tracks).toMatchObject([{ shapes: [{ id: null }] }]);
  });

  it('a new edit forgets what was undone', () => {
    const { annotations, clientId } = openShape();
    move(annotations, clientId, [1, 1, 11, 11]);
    annotations.history.undo();
    annotations.update('Occluded', 0, new Map([[clientId, { occluded: true }]]));
    expect(annotations.history.redoTitle).toBeNull();
  });

  it('an edit that one object refuses changes none', () => {
    const { annotations, clientId } = openShape();
    const [other] = annotations.add('Draw', 0, [{ kind: 'shape', data: shape() }]);
    const patches = new Map([
      [clientId, { points: [1, 1, 2, 2] }],
      [other!, { points: [Number.NaN, 0, 1, 1] }],
    ]);
    expect(() => annotations.update('Move', 0, patches)).toThrow('finite');
    expect(annotations.stateOf(clientId, 0)!.points).toEqual([0, 0, 10, 10]);
  });
});

describe('rebase', () => {
  it('takes over what others changed where nothing was edited here', () => {
    const { annotations, clientId } = openShape();
    const updated = { ...emptyLabeledData(), shapes: [shape({ id: 100, label_id: 2 })] };
    const created = { ...emptyLabeledData(), shapes: [shape({ id: 101 })], tags: [tag({ id: 5 })] };
    annotations.rebase(change({ updated, created }), 9);
    expect(annotations.stateOf(clientId, 0)).toMatchObject({ label_id: 2 });
    expect(annotations.statesAt(0)).toHaveLength(3);
    expect(annotations).toMatchObject({ hasChanges: false, revision: 9 });
    expect(annotations.history.undoTitle).toBeNull();
  });

  it('keeps both edits of one object', () => {
    const { annotations, clientId } = openShape();
    move(annotations, clientId, [1, 1, 11, 11]);
    annotations.rebase(
      change({
        updated: { ...emptyLabeledData(), shapes: [shape({ id: 100, label_id: 2, points: [0, 0, 10, 10] })] },
      }),
      9,
    );
    expect(annotations.takeChanges('a')!.updated.shapes).toMatchObject([
      { id: 100, label_id: 2, points: [1, 1, 11, 11] },
    ]);
  });

  it('keeps keyframes of both sides', () => {
    const stored = track([keyframe(0)], { id: 3 });
    const annotations = open({ tracks: [stored] });
    const { clientId } = annotations.statesAt(0)[0]!;
    annotations.update('Move', 4, new Map([[clientId, { points: [4, 4, 8, 8] }]]));
    const theirs = { ...stored, shapes: [...stored.shapes, keyframe(8, { points: [8, 8, 9, 9] })] };
    annotations.rebase(change({ updated: { ...emptyLabeledData(), tracks: [theirs] } }), 9);
    const [sent] = annotations.takeChanges('a')!.updated.tracks;
    expect(sent!.shapes.map((item) => item.frame)).toEqual([0, 4, 8]);
  });

  it('creates an object anew that was edited here and deleted there', () => {
    const { annotations, clientId } = openShape();
    move(annotations, clientId, [1, 1, 11, 11]);
    annotations.rebase(change({ deleted: { tags: [], shapes: [100], tracks: [] } }), 9);
    expect(annotations.takeChanges('a')).toMatchObject({
      created: { shapes: [{ points: [1, 1, 11, 11] }] },
      updated: { shapes: [] },
    });
  });

  it('an object deleted on both sides is gone', () => {
    const { annotations, clientId } = openShape();
    annotations.remove('Delete', 0, [clientId]);
    annotations.rebase(change({ deleted: { tags: [], shapes: [100], tracks: [] } }), 9);
    expect(annotations.hasChanges).toBe(false);
    annotations.history.undo();
    expect(annotations.takeChanges('a')!.created.shapes).toHaveLength(1);
  });

  it('an object deleted here and edited there stays deleted', () => {
    const { annotations, clientId } = openShape();
    annotations.remove('Delete', 0, [clientId]);
    annotations.rebase(
      change({ updated: { ...emptyLabeledData(), shapes: [shape({ id: 100, label_id: 2 })] } }),
      9,
    );
    expect(annotations.takeChanges('a')).toMatchObject({ deleted: { shapes: [100] } });
  });

  it('undo after a rebase takes back the own edit and leaves the other one', () => {
    const { annotations, clientId } = openShape();
    move(annotations, clientId, [1, 1, 11, 11]);
    annotations.takeChanges('a');
    annotations.confirm({ revision: 8, created: { tags: [], shapes: [], tracks: [] } });
    annotations.rebase(
      change({
        updated: { ...emptyLabeledData(), shapes: [shape({ id: 100, label_id: 2, points: [1, 1, 11, 11] })] },
      }),
      9,
    );
    annotations.history.undo();
    expect(annotations.stateOf(clientId, 0)).toMatchObject({ label_id: 2, points: [0, 0, 10, 10] });
  });

  it('undo of an edit whose object a colleague deleted does nothing', () => {
    const { annotations, clientId } = openShape();
    move(annotations, clientId, [1, 1, 11, 11]);
    annotations.takeChanges('a');
    annotations.confirm({ revision: 8, created: { tags: [], shapes: [], tracks: [] } });
    annotations.rebase(change({ deleted: { tags: [], shapes: [100], tracks: [] } }), 9);
    annotations.history.undo();
    expect(annotations.get(clientId)).toBeNull();
    expect(annotations.hasChanges).toBe(false);
  });

  it('reaches frames that were not looked at yet', () => {
    const annotations = open({ shapes: [shape({ id: 1, frame: 3 }), shape({ id: 2, frame: 3 })] });
    const updated = {
      ...emptyLabeledData(),
      shapes: [shape({ id: 2, frame: 3, label_id: 2 }), shape({ id: 4, frame: 5 })],
    };
    annotations.rebase(change({ updated, deleted: { tags: [], shapes: [1], tracks: [] } }), 9);
    expect(annotations.statesAt(3)).toMatchObject([{ label_id: 2 }]);
    expect(annotations.hasObjects(5)).toBe(true);
    expect(annotations.hasChanges).toBe(false);
  });

  it('is refused while a change set is on its way', () => {
    const { annotations, clientId } = openShape();
    move(annotations, clientId, [1, 1, 11, 11]);
    annotations.takeChanges('a');
    expect(() => annotations.rebase(change({}), 9)).toThrow('on its way');
  });
});

describe('replay', () => {
  it('makes the edits of a lost session again, as one step', () => {
    const annotations = open({ shapes: [shape({ id: 1, frame: 3 }), shape({ id: 2, frame: 4 })] });
    const journal = change({
      created: { ...emptyLabeledData(), tags: [tag({ frame: 4 })] },
      updated: { ...emptyLabeledData(), shapes: [shape({ id: 1, frame: 3, points: [7, 7, 9, 9] })] },
      deleted: { tags: [], shapes: [2], tracks: [] },
    });
    annotations.replay(journal, 3);
    expect(annotations.takeChanges('a')).toMatchObject({
      created: { tags: [{ frame: 4 }] },
      updated: { shapes: [{ id: 1, points: [7, 7, 9, 9] }] },
      deleted: { shapes: [2] },
    });
    annotations.restore();
    annotations.history.undo();
    expect(annotations.hasChanges).toBe(false);
  });
});
