import { describe, expect, it } from 'vitest';
import type { AttributeDraft, LabelDraft } from './draft';
import { checkLabels } from './rules';

function label(fields: Partial<LabelDraft> = {}): LabelDraft {
  return { name: 'car', color: '', type: 'any', attributes: [], ...fields };
}

function messagesFor(attribute: Partial<AttributeDraft>): string[] {
  const full: AttributeDraft = {
    name: 'a',
    input_type: 'select',
    mutable: false,
    values: ['x'],
    default_value: '',
    ...attribute,
  };
  return checkLabels([label({ attributes: [full] })]).map(({ message }) => message);
}

describe('rules of labels', () => {
  it('accept every kind of attribute when it is complete', () => {
    expect(messagesFor({ input_type: 'select', values: ['x', '__undefined__'], default_value: 'x' })).toEqual(
      [],
    );
    expect(messagesFor({ input_type: 'radio', values: ['x'] })).toEqual([]);
    expect(messagesFor({ input_type: 'checkbox', values: ['false', 'true'], default_value: 'true' })).toEqual(
      [],
    );
    expect(messagesFor({ input_type: 'text', values: [], default_value: 'anything' })).toEqual([]);
    expect(messagesFor({ input_type: 'number', values: ['0', '10', '0.5'], default_value: '5' })).toEqual([]);
  });

  it('R1.11 a number needs min;max;step', () => {
    const number = { input_type: 'number', values: ['0', '10'] } as const;
    expect(messagesFor({ ...number, values: [...number.values] })[0]).toContain(
      'three values, min;max;step, got 0;10',
    );
    expect(messagesFor({ input_type: 'number', values: ['5', '1', '1'] })[0]).toContain(
      'min 5 must not exceed max 1',
    );
    expect(messagesFor({ input_type: 'number', values: ['0', '9', '0'] })[0]).toContain(
      'step 0 must be greater than 0',
    );
    expect(messagesFor({ input_type: 'number', values: ['0', '9', '1'], default_value: '12' })[0]).toContain(
      'must be a number from 0 to 9',
    );
  });

  it('a default must be one of the values', () => {
    expect(messagesFor({ default_value: 'y' })).toEqual([
      'label “car”: attribute “a”: the default “y” is none of its values (x)',
    ]);
    expect(messagesFor({ input_type: 'checkbox', default_value: 'yes' })[0]).toContain(
      'must be true or false',
    );
  });

  it('R1.14 names are unique: labels in their list, attributes in their label', () => {
    const twice = [label(), label()];
    expect(checkLabels(twice)).toEqual([
      { path: [1, 'name'], message: 'label “car” exists already; names must be unique' },
    ]);
    const attribute = {
      name: 'a',
      input_type: 'text',
      mutable: false,
      values: [],
      default_value: '',
    } as const;
    const attributes = [attribute, attribute].map((a) => ({ ...a, values: [] }));
    expect(checkLabels([label({ attributes })])[0]?.path).toEqual([0, 'attributes', 1, 'name']);
  });

  it('names have at most 64 characters', () => {
    expect(checkLabels([label({ name: 'x'.repeat(65) })])[0]?.message).toContain('65 characters');
    expect(checkLabels([label({ name: 'x'.repeat(64) })])).toEqual([]);
  });
});
