import { describe, expect, it } from 'vitest';
import { combineFilters, parseSearch, SearchError, TASK_FIELDS } from './search';

const parse = (text: string) => parseSearch(text, TASK_FIELDS);
const has = (text: string, field: string) => ({ in: [text, { var: field }] });

describe('search language', () => {
  it('R3.1 plain text is searched everywhere', () => {
    expect(parse('parking lot')).toEqual({ search: 'parking lot' });
    expect(parse('  ')).toEqual({});
  });

  it.each([
    ['R3.2', 'owner: ann', 'ann', 'owner'],
    ['R3.3', 'assignee:bob', 'bob', 'assignee'],
    ['R3.4', 'name: parking lot', 'parking lot', 'name'],
    ['R3.5', 'mode: interpolation', 'interpolation', 'mode'],
    ['R3.6', 'Status: validation', 'validation', 'status'],
  ])('%s %s', (_id, text, value, field) => {
    expect(parse(text)).toEqual({ filter: has(value, field) });
  });

  it('R3.7 id finds exactly one', () => {
    expect(parse('id: 5')).toEqual({ filter: { '==': [{ var: 'id' }, 5] } });
    expect(() => parse('id: five')).toThrow('“five” is no id');
  });

  it('R3.8 terms combine with AND, in capitals or not', () => {
    const both = { filter: { and: [has('ann', 'owner'), has('completed', 'status')] } };
    expect(parse('owner: ann AND status: completed')).toEqual(both);
    expect(parse('owner: ann and status: completed')).toEqual(both);
  });

  it('R3.8 id cannot be combined', () => {
    expect(() => parse('id: 5 AND owner: ann')).toThrow(SearchError);
  });

  it('plain text within a combination is looked for in every field', () => {
    const { filter } = parse('lot AND owner: ann') as { filter: { and: [{ or: object[] }, object] } };
    expect(filter.and[0].or).toHaveLength(Object.keys(TASK_FIELDS).length);
  });

  it('a colon may belong to the text', () => {
    expect(parse('http://host/x')).toEqual({ search: 'http://host/x' });
  });

  it('asks for the value of a term without one', () => {
    expect(() => parse('status:')).toThrow('What should status contain? Write for example status: completed');
  });

  it('R3.11 filters add up', () => {
    expect(combineFilters(undefined, undefined)).toBeUndefined();
    expect(combineFilters({ a: 1 }, undefined)).toEqual({ a: 1 });
    expect(combineFilters({ a: 1 }, { b: 2 })).toEqual({ and: [{ a: 1 }, { b: 2 }] });
  });
});
