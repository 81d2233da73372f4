import type { ChangeSet, Shape } from '@cvat-lab/schema';
import { describe, expect, it } from 'vitest';
import { emptyChange, emptyIdMap, joinChanges, learnIds, sizeOf, translateIds, wireForm } from './changes';

const shape = (id: number | null, z_order = 0) => ({ id, z_order, frame: 0 }) as Shape;

function change(parts: { created?: Shape[]; updated?: Shape[]; deleted?: number[] }): ChangeSet {
  const made = emptyChange();
  made.created.shapes = parts.created ?? [];
  made.updated.shapes = parts.updated ?? [];
  made.deleted.shapes = parts.deleted ?? [];
  return made;
}

const brief = ({ created, updated, deleted }: ChangeSet) => ({
  created: created.shapes.map(({ id, z_order }) => [id, z_order]),
  updated: updated.shapes.map(({ id, z_order }) => [id, z_order]),
  deleted: deleted.shapes,
});

describe('joining changes', () => {
  it.each([
    [
      'create, update',
      { created: [shape(-1, 1)] },
      { updated: [shape(-1, 2)] },
      { created: [[-1, 2]], updated: [], deleted: [] },
    ],
    [
      'create, delete',
      { created: [shape(-1)] },
      { deleted: [-1] },
      { created: [], updated: [], deleted: [] },
    ],
    [
      'update, update',
      { updated: [shape(5, 1)] },
      { updated: [shape(5, 2)] },
      { created: [], updated: [[5, 2]], deleted: [] },
    ],
    ['update, delete', { updated: [shape(5)] }, { deleted: [5] }, { created: [], updated: [], deleted: [5] }],
    [
      'delete, bring back',
      { deleted: [5] },
      { created: [shape(5, 3)] },
      { created: [], updated: [[5, 3]], deleted: [] },
    ],
    [
      'delete, update',
      { deleted: [5] },
      { updated: [shape(5, 3)] },
      { created: [], updated: [[5, 3]], deleted: [] },
    ],
    [
      'two without ids',
      { created: [shape(null, 1)] },
      { created: [shape(null, 1)] },
      {
        created: [
          [null, 1],
          [null, 1],
        ],
        updated: [],
        deleted: [],
      },
    ],
  ])('%s', (_, first, second, joined) => {
    expect(brief(joinChanges(change(first), change(second)))).toEqual(joined);
  });

  it('keeps kinds apart, because ids are unique within one only', () => {
    const second = emptyChange();
    second.deleted.tracks = [5];
    const joined = joinChanges(change({ updated: [shape(5, 1)] }), second);
    expect(brief(joined).updated).toEqual([[5, 1]]);
    expect(joined.deleted.tracks).toEqual([5]);
    expect(sizeOf(joined)).toBe(2);
  });
});

describe('ids', () => {
  it('of the author become those of the server', () => {
    const ids = emptyIdMap();
    const sent = change({ created: [shape(-3), shape(-7)] });
    learnIds(ids, sent, { revision: 2, created: { tags: [], shapes: [30, 70], tracks: [] } });
    const later = change({ updated: [shape(-7, 1), shape(8, 2)], deleted: [-3, 9] });
    expect(brief(translateIds(later, ids))).toEqual({
      created: [],
      updated: [
        [70, 1],
        [8, 2],
      ],
      deleted: [30, 9],
    });
    expect(brief(later).deleted).toEqual([-3, 9]);
  });

  it('of created objects are not sent', () => {
    expect(brief(wireForm(change({ created: [shape(-3, 1)], updated: [shape(4)] })))).toEqual({
      created: [[null, 1]],
      updated: [[4, 0]],
      deleted: [],
    });
  });
});
