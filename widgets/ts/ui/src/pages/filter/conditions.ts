/**
 * A filter as a person builds it, a list of conditions, and as the server takes it, JsonLogic.
 *
 * Not every JsonLogic rule can be shown as conditions; `readFilter` says so, and such a rule stays text.
 */

import type { FieldKind, FilterField } from './fields';

export interface Condition {
  field: string;
  operator: Operator;
  value: string;
}

/** All conditions must hold, or any of them. */
export interface Filter {
  join: 'and' | 'or';
  conditions: readonly Condition[];
}

export type Operator =
  | 'contains'
  | 'is'
  | 'is not'
  | 'at least'
  | 'at most'
  | 'since'
  | 'before'
  | 'set'
  | 'empty';

/** JsonLogic, as far as lists understand it. */
export type Rule = Record<string, unknown>;

export const EMPTY_FILTER: Filter = { join: 'and', conditions: [] };

const OPERATORS: Record<FieldKind, readonly Operator[]> = {
  text: ['contains', 'is', 'is not', 'set', 'empty'],
  number: ['is', 'is not', 'at least', 'at most'],
  date: ['since', 'before'],
  choice: ['is', 'is not'],
};

export const OPERATOR_TEXT: Record<Operator, string> = {
  contains: 'contains',
  is: 'is',
  'is not': 'is not',
  'at least': 'at least',
  'at most': 'at most',
  since: 'since',
  before: 'before',
  set: 'is set',
  empty: 'is not set',
};

export function operatorsOf(kind: FieldKind): readonly Operator[] {
  return OPERATORS[kind];
}

/** Whether the operator compares with a value. */
export function takesValue(operator: Operator): boolean {
  return operator !== 'set' && operator !== 'empty';
}

/** A new condition on a field, with the operator and value that one starts with. */
export function startCondition(field: FilterField): Condition {
  return { field: field.name, operator: OPERATORS[field.kind][0]!, value: field.options?.[0]?.value ?? '' };
}

/** The rule of a filter; undefined when it has no complete condition. Conditions without a value do not count. */
export function writeFilter({ join, conditions }: Filter, fields: readonly FilterField[]): Rule | undefined {
  const rules = conditions.flatMap((condition) => {
    const field = fields.find(({ name }) => name === condition.field);
    return field && isComplete(condition) ? [ruleOf(condition, field.kind)] : [];
  });
  return rules.length > 1 ? { [join]: rules } : rules[0];
}

function isComplete({ operator, value }: Condition): boolean {
  return !takesValue(operator) || value.trim() !== '';
}

function ruleOf({ field, operator, value }: Condition, kind: FieldKind): Rule {
  const subject = { var: field };
  const operand = kind === 'number' ? Number(value) : value.trim();
  switch (operator) {
    case 'contains':
      return { in: [operand, subject] };
    case 'is':
      return { '==': [subject, operand] };
    case 'is not':
      return { '!': { '==': [subject, operand] } };
    case 'at least':
    case 'since':
      return { '>=': [subject, operand] };
    case 'at most':
      return { '<=': [subject, operand] };
    case 'before':
      return { '<': [subject, operand] };
    case 'set':
      return { '!!': subject };
    case 'empty':
      return { '!': { '!!': subject } };
  }
}

/** The conditions of a rule; null when it has a form that the builder has not. */
export function readFilter(rule: Rule | undefined, fields: readonly FilterField[]): Filter | null {
  if (rule === undefined) return EMPTY_FILTER;
  const join = 'or' in rule ? 'or' : 'and';
  const rules = Object.hasOwn(rule, join) ? rule[join] : [rule];
  if (!Array.isArray(rules)) return null;
  const conditions = rules.map((one) => readCondition(one, fields));
  return conditions.every((condition) => condition !== null) ? { join, conditions } : null;
}

/** The operators that a JsonLogic operator may stand for: which of them, the kind of the field decides. */
const READ: Record<string, readonly Operator[]> = {
  '==': ['is'],
  '>=': ['at least', 'since'],
  '<=': ['at most'],
  '<': ['before'],
};

function readCondition(rule: unknown, fields: readonly FilterField[]): Condition | null {
  const [name, body] = onlyEntry(rule) ?? [];
  if (name === '!') {
    const inner = readCondition(body, fields);
    if (inner?.operator === 'is') return { ...inner, operator: 'is not' };
    return inner?.operator === 'set' ? { ...inner, operator: 'empty' } : null;
  }
  if (name === '!!') return condition(body, 'set', '', fields);
  if (!name || !Array.isArray(body) || body.length !== 2) return null;
  if (name === 'in') return condition(body[1], 'contains', body[0], fields);
  const operators = READ[name] ?? [];
  for (const operator of operators) {
    const found = condition(body[0], operator, body[1], fields);
    if (found) return found;
  }
  return null;
}

function condition(
  subject: unknown,
  operator: Operator,
  value: unknown,
  fields: readonly FilterField[],
): Condition | null {
  const [word, name] = onlyEntry(subject) ?? [];
  const field = word === 'var' ? fields.find((one) => one.name === name) : undefined;
  if (!field || !OPERATORS[field.kind].includes(operator)) return null;
  const isPlain = typeof value === 'string' || typeof value === 'number';
  return isPlain ? { field: field.name, operator, value: String(value) } : null;
}

function onlyEntry(value: unknown): [string, unknown] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const entries = Object.entries(value);
  return entries.length === 1 ? entries[0]! : null;
}

/** The text cannot be used as a filter; the message says why. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}

/**
 * Read a rule that was typed.
 *
 * @throws FilterError when it is no JSON, or no object with one operator
 */
export function parseRule(text: string): Rule | undefined {
  if (!text.trim()) return undefined;
  let rule: unknown;
  try {
    rule = JSON.parse(text);
  } catch (error) {
    throw new FilterError(`This is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (!onlyEntry(rule))
    throw new FilterError('A filter is an object with one operator, for example {"==": [{"var": "id"}, 5]}');
  return rule as Rule;
}
