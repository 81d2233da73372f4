import { describe, expect, it } from 'vitest';
import { makeLabel } from '../../testing/records';
import {
  type MappedLabel,
  mappingPatch,
  mappingProblem,
  proposeMapping,
  retarget,
  targetsOf,
} from './mapping';

const SPEED = {
  id: 5,
  name: 'speed',
  mutable: true,
  input_type: 'text',
  values: [],
  default_value: '',
} as const;

const CAR = makeLabel({ id: 1, name: 'car', attributes: [{ ...SPEED, values: [] }] });
const TRUCK = makeLabel({ id: 2, name: 'truck' });
const BODY = makeLabel({ id: 3, name: 'body', type: 'skeleton' });
const VEHICLE = makeLabel({ id: 11, name: 'vehicle' });
const THEIR_CAR = makeLabel({ id: 12, name: 'car', attributes: [{ ...SPEED, id: 6, values: [] }] });

const mapped = (label: typeof CAR, target: typeof CAR | null, clear = false): MappedLabel => ({
  label,
  target,
  clear,
});

describe('mapping of labels', () => {
  it('R1.19 starts with the labels of the same name', () => {
    expect(proposeMapping([CAR, TRUCK], [VEHICLE, THEIR_CAR])).toEqual([
      mapped(CAR, THEIR_CAR),
      mapped(TRUCK, null),
    ]);
  });

  it('proposes to clear what the target has no attribute for', () => {
    const entry = retarget(mapped(CAR, THEIR_CAR), VEHICLE);
    expect(entry.clear).toBe(true);
    expect(mappingProblem(entry)).toBeNull();
    expect(mappingProblem({ ...entry, clear: false })).toContain('no attribute “speed”');
    expect(mappingProblem(retarget(entry, null))).toContain('Choose');
  });

  it('never makes a skeleton of anything else', () => {
    expect(targetsOf(BODY, [VEHICLE, BODY])).toEqual([BODY]);
    expect(targetsOf(CAR, [VEHICLE, BODY])).toEqual([VEHICLE]);
  });

  it('R1.19 says only what does not go without saying', () => {
    expect(mappingPatch([mapped(CAR, THEIR_CAR)])).toEqual([]);
    expect(mappingPatch([mapped(CAR, VEHICLE, true), mapped(TRUCK, VEHICLE)])).toEqual([
      { id: 1, name: 'vehicle', attributes: [{ ...SPEED, deleted: true }] },
      { id: 2, name: 'vehicle', attributes: [] },
    ]);
  });
});
