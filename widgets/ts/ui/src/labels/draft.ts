/**
 * Labels while they are edited, and how they become what the server takes.
 *
 * A draft has every field. An `id` ties it to a stored label; a stored label whose id no draft has is to be deleted.
 */

import type {
  AttributeRead,
  AttributeWrite,
  InputType,
  LabelRead,
  LabelType,
  LabelWrite,
} from '@cvat-lab/schema';

export interface AttributeDraft {
  id?: number;
  name: string;
  input_type: InputType;
  mutable: boolean;
  /** Choices; `[min, max, step]` of a number; nothing for a text. */
  values: string[];
  default_value: string;
}

export interface LabelDraft {
  id?: number;
  name: string;
  /** `#rrggbb`; empty = the server chooses one from the name. */
  color: string;
  type: LabelType;
  attributes: AttributeDraft[];
  /** Points of a skeleton, and its drawing. */
  sublabels?: LabelDraft[];
  svg?: string;
}

export const LABEL_TYPES: readonly { value: LabelType; label: string }[] = [
  { value: 'any', label: 'Any shape' },
  { value: 'rectangle', label: 'Rectangle' },
  { value: 'polygon', label: 'Polygon' },
  { value: 'polyline', label: 'Polyline' },
  { value: 'points', label: 'Points' },
  { value: 'ellipse', label: 'Ellipse' },
  { value: 'cuboid', label: 'Cuboid' },
  { value: 'mask', label: 'Mask' },
  { value: 'tag', label: 'Tag' },
  { value: 'skeleton', label: 'Skeleton' },
];

export const INPUT_TYPES: readonly { value: InputType; label: string }[] = [
  { value: 'select', label: 'Select' },
  { value: 'radio', label: 'Radio' },
  { value: 'checkbox', label: 'Checkbox' },
  { value: 'text', label: 'Text' },
  { value: 'number', label: 'Number' },
];

/** How an empty choice of a select or radio is written in its list of values. */
export const UNDEFINED_VALUE = '__undefined__';

export function newLabel(): LabelDraft {
  return { name: '', color: '', type: 'any', attributes: [] };
}

export function newAttribute(): AttributeDraft {
  return { name: '', input_type: 'select', mutable: false, values: [], default_value: '' };
}

/** Drafts of stored labels. */
export function draftLabels(labels: readonly LabelRead[]): LabelDraft[] {
  return labels.map((label) => ({
    id: label.id,
    name: label.name,
    color: label.color,
    type: label.type,
    attributes: label.attributes.map(draftAttribute),
    ...(label.type === 'skeleton' && { sublabels: draftLabels(label.sublabels), svg: label.svg ?? '' }),
  }));
}

function draftAttribute({
  id,
  name,
  input_type,
  mutable,
  values,
  default_value,
}: AttributeRead): AttributeDraft {
  return { id, name, input_type, mutable, values: [...values], default_value };
}

/** The same labels as new ones: without the ids that tie them to stored labels. */
export function withoutIds(labels: readonly LabelDraft[]): LabelDraft[] {
  return labels.map(({ id: _, ...label }) => ({
    ...label,
    attributes: label.attributes.map(({ id: __, ...attribute }) => attribute),
    ...(label.sublabels && { sublabels: withoutIds(label.sublabels) }),
  }));
}

/** What to send with a new project or task. */
export function labelsToCreate(labels: readonly LabelDraft[]): LabelWrite[] {
  return withoutIds(labels).map(writeLabel);
}

/**
 * The patch list that turns the stored labels into the drafts: deletions first, then changes and new labels in the
 * order of the drafts. Unchanged labels do not appear.
 */
export function labelChanges(stored: readonly LabelRead[], drafts: readonly LabelDraft[]): LabelWrite[] {
  const kept = new Set(drafts.map(({ id }) => id));
  const before = new Map(draftLabels(stored).map((label) => [label.id, label]));
  const deleted = stored
    .filter(({ id }) => !kept.has(id))
    .map(({ id, name }) => ({ id, name, deleted: true }));
  const changed = drafts.flatMap((draft) => {
    const old = draft.id === undefined ? undefined : before.get(draft.id);
    if (!old) return [writeLabel(draft)];
    return JSON.stringify(old) === JSON.stringify(draft) ? [] : [writeChange(old, draft)];
  });
  return [...deleted, ...changed];
}

/** Stored labels that a change would delete, with their annotations. */
export function labelsToDelete(stored: readonly LabelRead[], drafts: readonly LabelDraft[]): LabelRead[] {
  const kept = new Set(drafts.map(({ id }) => id));
  return stored.filter(({ id }) => !kept.has(id));
}

function writeLabel(label: LabelDraft): LabelWrite {
  const { id, name, color, type, attributes, sublabels, svg } = label;
  return {
    ...(id !== undefined && { id }),
    name,
    ...(color && { color }),
    type,
    attributes: attributes.map(writeAttribute),
    ...(sublabels && { sublabels: sublabels.map(writeLabel) }),
    ...(svg && { svg }),
  };
}

function writeChange(old: LabelDraft, draft: LabelDraft): LabelWrite {
  const kept = new Set(draft.attributes.map(({ id }) => id));
  const deleted = old.attributes
    .filter(({ id }) => !kept.has(id))
    .map((attribute) => ({ ...writeAttribute(attribute), deleted: true }));
  const write = writeLabel(draft);
  // The drawing of a stored skeleton is tied to its sublabels by id and does not change here.
  delete write.svg;
  return { ...write, attributes: [...deleted, ...(write.attributes ?? [])] };
}

function writeAttribute({ id, ...attribute }: AttributeDraft): AttributeWrite {
  return id === undefined ? attribute : { id, ...attribute };
}
