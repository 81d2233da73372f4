import { describe, expect, it } from 'vitest';
import type { LabelDraft } from './draft';
import { formatForCopy, formatRaw, parseRaw, stripIds } from './raw';

const CAR: LabelDraft = {
  id: 3,
  name: 'car',
  color: '#2080c0',
  type: 'rectangle',
  attributes: [
    {
      id: 8,
      name: 'model',
      input_type: 'select',
      mutable: false,
      values: ['suv', 'van'],
      default_value: 'suv',
    },
  ],
};

function problemsOf(text: string, ids?: number[]): string[] {
  return parseRaw(text, new Set(ids)).problems;
}

describe('raw labels', () => {
  it('R1.13 are a list of name, id, color, type and attributes', () => {
    expect(JSON.parse(formatRaw([CAR]))).toEqual([
      {
        name: 'car',
        id: 3,
        color: '#2080c0',
        type: 'rectangle',
        attributes: [
          {
            id: 8,
            name: 'model',
            input_type: 'select',
            mutable: false,
            values: ['suv', 'van'],
            default_value: 'suv',
          },
        ],
      },
    ]);
  });

  it('come back as they were', () => {
    expect(parseRaw(formatRaw([CAR]), new Set([3])).labels).toEqual([CAR]);
  });

  it('keep lists of values on one line', () => {
    expect(formatRaw([CAR])).toContain('"values": ["suv", "van"]');
  });

  it('R1.10 are copied without ids', () => {
    expect(formatForCopy([CAR])).not.toContain('"id"');
  });

  it('R1.13 lose their ids when they are pasted, in whole or in part', () => {
    expect(stripIds('[{"name": "a", "id": 5, "type": "any"}]')).toBe('[{"name": "a", "type": "any"}]');
    expect(stripIds('{"id": 12,\n "name": "a"}')).toBe('{"name": "a"}');
    expect(stripIds('{"name": "a", "id": 12 }')).toBe('{"name": "a" }');
  });

  it('need only a name', () => {
    expect(parseRaw('[{"name": "car"}]').labels).toEqual([
      { name: 'car', color: '', type: 'any', attributes: [] },
    ]);
  });

  it('take what CVAT itself answers', () => {
    const text =
      '[{"name":"car","has_parent":false,"parent_id":null,"task_id":5,"sublabels":[],"attributes":[]}]';
    expect(parseRaw(text).problems).toEqual([]);
  });

  it('R1.11 take the range of a number as one text', () => {
    const text =
      '[{"name":"car","attributes":[{"name":"age","input_type":"number","mutable":false,"values":["0;100;5"]}]}]';
    expect(parseRaw(text).labels?.[0]?.attributes[0]?.values).toEqual(['0', '100', '5']);
  });
});

describe('messages about raw labels', () => {
  it('name the line and the rule', () => {
    const text = '[\n  {"name": "car"},\n  {"name": "car"}\n]';
    expect(problemsOf(text)).toEqual(['Line 3: label “car” exists already; names must be unique']);
  });

  it('name every broken rule, in order of lines', () => {
    const text =
      '[{"name": "a",\n"type": "circle"},\n{"name": "b",\n"attributes": [{"name": "x", "input_type": "select",\n"mutable": false, "values": []}]}]';
    expect(problemsOf(text)).toEqual([
      'Line 2: label “a”: type “circle” is unknown; use one of any, rectangle, polygon, polyline, points, ellipse, cuboid, mask, tag, skeleton',
      'Line 5: label “b”: attribute “x”: a select needs at least one value',
    ]);
  });

  it.each([
    ['[\n{"name": "a"},\n]', 'Line 3: remove the comma before “]”'],
    ['[\n{"name" "a"}]', 'Line 2: “:” is expected after “name”, not “"”'],
    ['[{name: "a"}]', 'Line 1: a field name in double quotes is expected, not “name”'],
    ['[{"name": "a"}', 'Line 1: “,” or “]” is expected, not the end of the text'],
    ["[{'name': 1}]", "Line 1: a field name in double quotes is expected, not “'”"],
    ['[{"name": car}]', 'Line 1: “car” is no JSON value; texts stand in double quotes'],
    ['{"name": "a"}', 'Line 1: labels must be a list […], not an object'],
    ['[{"name": "a", "colour": "#fff"}]', 'Line 1: field “colour” is unknown in a label'],
    [
      '[{"name": "a", "color": "red"}]',
      'Line 1: label “a”: colour “red” must read #rrggbb, for example #2080c0, or be left out',
    ],
    ['[{"name": ""}]', 'Line 1: a label needs a name'],
    ['[5]', 'Line 1: a label must be an object {…}, not 5'],
  ])('%s', (text, message) => {
    expect(problemsOf(text)[0]).toBe(message);
  });

  it('refuse ids of other lists, and the same id twice', () => {
    expect(problemsOf('[{"name": "a", "id": 9}]', [3])).toEqual([
      'Line 1: id 9 does not belong to a label here; leave it out to create a new label',
    ]);
    expect(problemsOf('[{"name": "a", "id": 3},\n{"name": "b", "id": 3}]', [3])).toEqual([
      'Line 2: id 3 is used by another label already; leave it out to create a new label',
    ]);
  });
});
