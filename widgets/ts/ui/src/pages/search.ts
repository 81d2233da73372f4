/**
 * The search language of the lists: plain text, or terms such as `owner: ann AND status: completed`.
 *
 * Terms become a JsonLogic filter, plain text the `search` of the list.
 */

import type { ListQuery } from '@cvat-lab/client';

/** The words before the colon, and the fields of the list that they mean. */
export type SearchFields = Record<string, string>;

export const TASK_FIELDS: SearchFields = {
  name: 'name',
  owner: 'owner',
  assignee: 'assignee',
  status: 'status',
  mode: 'mode',
  project: 'project_name',
  subset: 'subset',
};

export const PROJECT_FIELDS: SearchFields = {
  name: 'name',
  owner: 'owner',
  assignee: 'assignee',
  status: 'status',
};

export const JOB_FIELDS: SearchFields = {
  task: 'task_name',
  project: 'project_name',
  assignee: 'assignee',
  stage: 'stage',
  state: 'state',
  mode: 'mode',
};

/** The text cannot be searched for; the message says why. */
export class SearchError extends Error {
  override readonly name = 'SearchError';
}

type Term = { word: string; value: string } | { text: string };

/**
 * Translate a search text.
 *
 * @throws SearchError when `id:` is combined with other terms or has no number, or a term has no value
 */
export function parseSearch(text: string, fields: SearchFields): Pick<ListQuery, 'search' | 'filter'> {
  const terms = text
    .split(/\s+AND\s+/i)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => parseTerm(part, fields));
  const id = terms.find((term) => 'word' in term && term.word === 'id');
  if (id) return { filter: idRule(id, terms.length) };
  const [first] = terms;
  if (terms.length === 1 && first && 'text' in first) return { search: first.text };
  if (terms.length === 0) return {};
  const rules = terms.map((term) => termRule(term, fields));
  return { filter: rules.length === 1 ? rules[0] : { and: rules } };
}

/** Both filters at once. */
export function combineFilters(...filters: (object | string | undefined)[]): object | undefined {
  const present = filters.filter((filter): filter is object => typeof filter === 'object');
  return present.length > 1 ? { and: present } : present[0];
}

function parseTerm(part: string, fields: SearchFields): Term {
  const [, word = '', value = ''] = /^(\w+)\s*:\s*(.*)$/.exec(part) ?? [];
  const key = word.toLowerCase();
  // A colon may also be part of what is searched for, for example in an address.
  if (key !== 'id' && !Object.hasOwn(fields, key)) return { text: part };
  if (!value)
    throw new SearchError(`What should ${key} contain? Write for example ${key}: ${EXAMPLES[key] ?? 'x'}`);
  return { word: key, value };
}

const EXAMPLES: Record<string, string> = {
  status: 'completed',
  mode: 'interpolation',
  id: '5',
  stage: 'validation',
};

function idRule(term: Term, count: number): object {
  if (count > 1) throw new SearchError('id: finds exactly one entry and cannot be combined with other terms');
  const value = 'value' in term ? term.value : '';
  if (!/^\d+$/.test(value)) throw new SearchError(`“${value}” is no id; write a number, for example id: 5`);
  return { '==': [{ var: 'id' }, Number(value)] };
}

function termRule(term: Term, fields: SearchFields): object {
  if ('word' in term) return contains(fields[term.word]!, term.value);
  return { or: Object.values(fields).map((field) => contains(field, term.text)) };
}

function contains(field: string, text: string): object {
  return { in: [text, { var: field }] };
}
