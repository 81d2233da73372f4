import {
  dictionary,
  float64,
  int32,
  int64,
  list,
  tableFromArrays,
  tableToIPC,
  utf8,
} from '@uwdata/flechette';
import { describe, expect, it } from 'vitest';
import { ArrowTable } from './arrow';
import { FormatError } from './errors';
import { encodeColumns } from './testing/jobEnvelope';

const rowsPerBatch = [undefined, 1, 2];

describe.each(rowsPerBatch)('columns in batches of %s rows', (batch) => {
  it('are integers of 64 bits as exact numbers', () => {
    const values = [0, -1, 2 ** 31, -(2 ** 31) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    const table = new ArrowTable(encodeColumns({ id: values }, { id: int64() }, batch));
    expect([...table.numbers('id')]).toEqual(values);
    expect(table.length).toBe(6);
  });

  it('are NaN or 0 where there is null', () => {
    const table = new ArrowTable(encodeColumns({ id: [3, null, 5] }, { id: int64() }, batch));
    expect([...table.numbers('id')]).toEqual([3, Number.NaN, 5]);
    expect([...table.integers('id')]).toEqual([3, 0, 5]);
    expect(table.at(1, 'id')).toBeNull();
  });

  it('are NaN where there is nothing but null', () => {
    const table = new ArrowTable(encodeColumns({ id: [null, null] }, { id: int64() }, batch));
    expect([...table.numbers('id')]).toEqual([Number.NaN, Number.NaN]);
  });

  it('are lists as offsets and values', () => {
    const points = [[1, 2], [], [3.5], [4, 5, 6]];
    const table = new ArrowTable(encodeColumns({ points }, { points: list(float64()) }, batch));
    const { offsets, values } = table.lists('points');
    expect([...offsets]).toEqual([0, 2, 2, 3, 6]);
    expect([...values.subarray(0, 6)]).toEqual([1, 2, 3.5, 4, 5, 6]);
  });

  it('are text as codes', () => {
    const names = ['mask', 'points', 'mask', '', 'Bär', 'points', 'pointz'];
    const table = new ArrowTable(encodeColumns({ names }, { names: utf8() }, batch));
    const coded = table.codes('names');
    expect([...coded.codes].map((code) => coded.names[code])).toEqual(names);
    expect(coded.names).toHaveLength(5);
  });

  it('are flags', () => {
    const flags = Array.from({ length: 19 }, (_, i) => i % 3 === 0);
    const table = new ArrowTable(
      tableToIPC(tableFromArrays({ flags }, { maxBatchRows: batch }), { format: 'stream' })!,
    );
    expect([...table.flags('flags')]).toEqual(flags.map(Number));
  });
});

describe('a table', () => {
  it('reads dictionaries as codes too', () => {
    const types = { kind: dictionary(utf8(), int32()) };
    const coded = new ArrowTable(encodeColumns({ kind: ['a', 'b', 'a'] }, types)).codes('kind');
    expect([...coded.codes].map((code) => coded.names[code])).toEqual(['a', 'b', 'a']);
  });

  it('gives rows in the order of its names', () => {
    const table = new ArrowTable(encodeColumns({ n: [1, 2], t: ['x', null] }, { n: int32(), t: utf8() }));
    expect(table.names).toEqual(['n', 't']);
    expect([table.row(0), table.row(1)]).toEqual([
      [1, 'x'],
      [2, null],
    ]);
  });

  it('names a column that is missing', () => {
    const table = new ArrowTable(encodeColumns({ n: [1] }, { n: int32() }));
    expect(() => table.numbers('frame')).toThrow(FormatError);
    expect(() => table.numbers('frame')).toThrow('no column frame, only n');
  });
});
