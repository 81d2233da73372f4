import { describe, expect, it } from 'vitest';
import {
  type Condition,
  type Filter,
  FilterError,
  operatorsOf,
  parseRule,
  readFilter,
  startCondition,
  writeFilter,
} from './conditions';
import { JOB_FILTER, PROJECT_FILTER, TASK_FILTER } from './fields';

const filter = (...conditions: Condition[]): Filter => ({ join: 'and', conditions });

describe('conditions of a filter', () => {
  it('R3.11 become JsonLogic', () => {
    const text = { field: 'assignee', operator: 'contains', value: ' ann ' } as const;
    const number = { field: 'id', operator: 'at least', value: '5' } as const;
    expect(writeFilter(filter(text), TASK_FILTER)).toEqual({ in: ['ann', { var: 'assignee' }] });
    expect(writeFilter({ join: 'or', conditions: [text, number] }, TASK_FILTER)).toEqual({
      or: [{ in: ['ann', { var: 'assignee' }] }, { '>=': [{ var: 'id' }, 5] }],
    });
  });

  it.each([...TASK_FILTER, ...PROJECT_FILTER, ...JOB_FILTER])(
    'of $name come back from JsonLogic',
    (field) => {
      for (const operator of operatorsOf(field.kind)) {
        const needsValue = operator !== 'set' && operator !== 'empty';
        const condition = { field: field.name, operator, value: needsValue ? '7' : '' };
        const rule = writeFilter(filter(condition), [field]);
        expect(readFilter(rule, [field])).toEqual(filter(condition));
      }
    },
  );

  it('do not count until they have a value', () => {
    expect(writeFilter(filter(startCondition(TASK_FILTER[0]!)), TASK_FILTER)).toBeUndefined();
  });

  it('cannot show every rule', () => {
    const nested = { and: [{ or: [{ '==': [{ var: 'id' }, 5] }] }] };
    const range = { '<=': [1, { var: 'id' }, 9] };
    const unknown = { '==': [{ var: 'color' }, 'red'] };
    for (const rule of [nested, range, unknown]) expect(readFilter(rule, TASK_FILTER)).toBeNull();
  });
});

describe('a typed filter', () => {
  it('says what is wrong with it', () => {
    expect(() => parseRule('{"==": ')).toThrow(/not JSON/);
    for (const text of ['5', '[]', '{}', '{"and": [], "or": []}'])
      expect(() => parseRule(text)).toThrow(FilterError);
  });

  it('may be empty', () => {
    expect(parseRule('  ')).toBeUndefined();
  });
});
