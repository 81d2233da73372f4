/** The raw form of labels: JSON text, as CVAT's label editor shows and takes it. */

import type { InputType, LabelType } from '@cvat-lab/schema';
import { type AttributeDraft, type LabelDraft, withoutIds } from './draft';
import { JsonLineError, parseJson } from './jsonLines';
import { checkLabels, type Problem } from './rules';

/** Either labels, or what is wrong with the text; every message starts with its line. */
export type RawResult = { labels: LabelDraft[]; problems: [] } | { labels: null; problems: string[] };

export function formatRaw(labels: readonly LabelDraft[]): string {
  // Lists of plain texts stay on one line, or every attribute would fill the screen.
  return JSON.stringify(labels.map(toRaw), null, 2).replace(TEXT_LIST, (list) =>
    JSON.stringify(JSON.parse(list)).replaceAll('","', '", "'),
  );
}

const TEXT_LIST = /\[\s*"(?:[^"\\]|\\.)*"(?:,\s*"(?:[^"\\]|\\.)*")*\s*\]/g;

/** As `formatRaw`, for use elsewhere: without ids. */
export function formatForCopy(labels: readonly LabelDraft[]): string {
  return formatRaw(withoutIds(labels));
}

function toRaw({ name, id, color, type, attributes, sublabels, svg }: LabelDraft): object {
  return {
    name,
    ...(id !== undefined && { id }),
    ...(color && { color }),
    type,
    attributes: attributes.map(({ id: attributeId, ...attribute }) => ({
      ...(attributeId !== undefined && { id: attributeId }),
      ...attribute,
    })),
    ...(sublabels && { sublabels: sublabels.map(toRaw) }),
    ...(svg && { svg }),
  };
}

/**
 * Read raw labels.
 *
 * @param storedIds ids that may appear: those of the labels that are edited
 */
export function parseRaw(text: string, storedIds: ReadonlySet<number> = new Set()): RawResult {
  try {
    const { value, lineOf } = parseJson(text);
    const reader = new Reader(storedIds);
    const labels = reader.labels(value, []);
    // Rules about values say nothing useful while values have the wrong type.
    const problems = reader.problems.length ? reader.problems : checkLabels(labels);
    if (problems.length === 0) return { labels, problems: [] };
    const lines = problems.map(({ path, message }) => ({ line: lineOf(path), message }));
    lines.sort((a, b) => a.line - b.line);
    return { labels: null, problems: lines.map(({ line, message }) => `Line ${line}: ${message}`) };
  } catch (error) {
    if (error instanceof JsonLineError) return { labels: null, problems: [error.message] };
    throw error;
  }
}

/** Take the ids out of label JSON, whole or in part, so that pasting it makes new labels. */
export function stripIds(text: string): string {
  return text.replace(/,\s*"id"\s*:\s*\d+(?=\s*[}\]])|"id"\s*:\s*\d+\s*,?\s*/g, '');
}

/** Fields that CVAT's own JSON has besides ours; they follow from the place of the label. */
const IGNORED_LABEL_FIELDS = ['has_parent', 'parent_id', 'project_id', 'task_id', 'parent', 'elements'];
const LABEL_FIELDS = [
  'name',
  'id',
  'color',
  'type',
  'attributes',
  'sublabels',
  'svg',
  ...IGNORED_LABEL_FIELDS,
];
const ATTRIBUTE_FIELDS = ['name', 'id', 'input_type', 'mutable', 'values', 'default_value', 'label_id'];

type Path = Problem['path'];

/** Turns parsed JSON into drafts, and notes every value that has the wrong type. */
class Reader {
  readonly problems: Problem[] = [];

  constructor(private readonly storedIds: ReadonlySet<number>) {}

  labels(value: unknown, path: Path): LabelDraft[] {
    return this.list(value, path, 'labels').map((item, i) => this.label(item, [...path, i]));
  }

  private label(value: unknown, path: Path): LabelDraft {
    const fields = this.object(value, path, 'label', LABEL_FIELDS);
    const type = this.text(fields, 'type', path, 'any') as LabelType;
    return {
      ...this.id(fields, path, 'label'),
      name: this.text(fields, 'name', path),
      color: this.text(fields, 'color', path),
      type,
      attributes: this.list(fields['attributes'] ?? [], [...path, 'attributes'], 'attributes').map(
        (item, i) => this.attribute(item, [...path, 'attributes', i]),
      ),
      ...(type === 'skeleton' && {
        sublabels: this.labels(fields['sublabels'] ?? [], [...path, 'sublabels']),
        svg: this.text(fields, 'svg', path),
      }),
    };
  }

  private attribute(value: unknown, path: Path): AttributeDraft {
    const fields = this.object(value, path, 'attribute', ATTRIBUTE_FIELDS);
    const input_type = this.text(fields, 'input_type', path) as InputType;
    return {
      ...this.id(fields, path),
      name: this.text(fields, 'name', path),
      input_type,
      mutable: this.boolean(fields, 'mutable', path),
      values: this.values(fields, path, input_type),
      default_value: this.text(fields, 'default_value', path),
    };
  }

  /** Values may be numbers or booleans, and a number's range one text `min;max;step`. */
  private values(fields: Record<string, unknown>, path: Path, input: InputType): string[] {
    const at = [...path, 'values'];
    const given = fields['values'] ?? [];
    const range = Array.isArray(given) && given.length === 1 ? given[0] : given;
    if (input === 'number' && typeof range === 'string') return range.split(';').map((part) => part.trim());
    return this.list(given, at, 'values').map((item, i) => {
      if (['string', 'number', 'boolean'].includes(typeof item)) return String(item);
      this.note([...at, i], `a value must be a text, not ${kindOf(item)}`);
      return '';
    });
  }

  private id(fields: Record<string, unknown>, path: Path, what?: 'label'): { id?: number } {
    const id = fields['id'];
    if (id === undefined || id === null) return {};
    if (typeof id !== 'number' || !Number.isInteger(id)) {
      this.note(
        [...path, 'id'],
        `an id must be a whole number, not ${kindOf(id)}; leave it out for a new entry`,
      );
      return {};
    }
    if (what && !this.storedIds.has(id))
      this.note(
        [...path, 'id'],
        `id ${id} does not belong to a label here; leave it out to create a new label`,
      );
    return { id };
  }

  private object(value: unknown, path: Path, what: string, known: string[]): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.note(
        path,
        `${what === 'label' ? 'a label' : 'an attribute'} must be an object {…}, not ${kindOf(value)}`,
      );
      return {};
    }
    for (const name of Object.keys(value)) {
      if (!known.includes(name))
        this.note(
          [...path, name],
          `field “${name}” is unknown in ${what === 'label' ? 'a label' : 'an attribute'}`,
        );
    }
    return value as Record<string, unknown>;
  }

  private list(value: unknown, path: Path, what: string): unknown[] {
    if (Array.isArray(value)) return value;
    this.note(path, `${what} must be a list […], not ${kindOf(value)}`);
    return [];
  }

  private text(fields: Record<string, unknown>, name: string, path: Path, fallback = ''): string {
    const value = fields[name] ?? fallback;
    if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
    this.note([...path, name], `${name} must be a text, not ${kindOf(value)}`);
    return fallback;
  }

  private boolean(fields: Record<string, unknown>, name: string, path: Path): boolean {
    const value = fields[name] ?? false;
    if (typeof value === 'boolean') return value;
    this.note([...path, name], `${name} must be true or false, not ${kindOf(value)}`);
    return false;
  }

  private note(path: Path, message: string): void {
    this.problems.push({ path, message });
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? `the text “${value}”` : String(value);
}
