import { describe, expect, it } from 'vitest';
import { makeLabel } from '../testing/records';
import { draftLabels, labelChanges, labelsToCreate } from './draft';

const MODEL = {
  id: 8,
  name: 'model',
  input_type: 'select',
  mutable: false,
  values: ['suv'],
  default_value: '',
} as const;
const STORED = [
  makeLabel({ id: 1, name: 'car', attributes: [{ ...MODEL, values: ['suv'] }] }),
  makeLabel({ id: 2, name: 'road' }),
];

describe('changes of stored labels', () => {
  it('are nothing when nothing changed', () => {
    expect(labelChanges(STORED, draftLabels(STORED))).toEqual([]);
  });

  it('R1.14 a renamed label keeps its id', () => {
    const [car, road] = draftLabels(STORED);
    expect(labelChanges(STORED, [{ ...car!, name: 'vehicle' }, road!])).toMatchObject([
      { id: 1, name: 'vehicle' },
    ]);
  });

  it('R1.13 a label whose id is dropped is deleted, before anything else', () => {
    const [car] = draftLabels(STORED);
    const fresh = { name: 'road', color: '', type: 'mask', attributes: [] } as const;
    const changes = labelChanges(STORED, [car!, { ...fresh, attributes: [] }]);
    expect(changes).toEqual([
      { id: 2, name: 'road', deleted: true },
      { name: 'road', type: 'mask', attributes: [] },
    ]);
  });

  it('a dropped attribute is deleted by name and id', () => {
    const [car, road] = draftLabels(STORED);
    const [change] = labelChanges(STORED, [{ ...car!, attributes: [] }, road!]);
    expect(change?.attributes).toMatchObject([{ id: 8, name: 'model', deleted: true }]);
  });

  it('new labels carry no ids, whatever they had', () => {
    expect(JSON.stringify(labelsToCreate(draftLabels(STORED)))).not.toContain('"id"');
  });

  it('R1.15 a label without a colour leaves it to the server', () => {
    expect(labelsToCreate([{ name: 'a', color: '', type: 'any', attributes: [] }])[0]).not.toHaveProperty(
      'color',
    );
  });
});
