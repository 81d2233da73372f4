/** The rules that labels must keep, the same as the server's, with messages that say what to do. */

import { type AttributeDraft, INPUT_TYPES, LABEL_TYPES, type LabelDraft } from './draft';

/** A broken rule, and where: `[0, 'attributes', 1, 'values']` is the values of the first label's second attribute. */
export interface Problem {
  path: (string | number)[];
  message: string;
}

const MAX_NAME = 64;
const MAX_DEFAULT = 128;

/** All broken rules of a label list, in the order of the list. */
export function checkLabels(labels: readonly LabelDraft[]): Problem[] {
  return [
    ...labels.flatMap((label, i) => checkLabel(label, [i])),
    ...checkUnique(labels, 'label', []),
    ...checkIds(labels),
  ];
}

function checkIds(labels: readonly LabelDraft[]): Problem[] {
  return labels.flatMap(({ id }, i) => {
    if (id === undefined || labels.findIndex((label) => label.id === id) === i) return [];
    const message = `id ${id} is used by another label already; leave it out to create a new label`;
    return [{ path: [i, 'id'], message }];
  });
}

function checkLabel(label: LabelDraft, path: Problem['path']): Problem[] {
  const where = label.name ? `label “${label.name}”` : 'a label';
  return [
    ...checkName(label.name, 'label', path),
    ...checkColor(label, where, path),
    ...checkType(label, where, path),
    ...label.attributes.flatMap((attribute, i) =>
      checkAttribute(attribute, where, [...path, 'attributes', i]),
    ),
    ...checkUnique(label.attributes, 'attribute', [...path, 'attributes']),
    ...(label.sublabels ?? []).flatMap((sublabel, i) => checkLabel(sublabel, [...path, 'sublabels', i])),
    ...checkUnique(label.sublabels ?? [], 'sublabel', [...path, 'sublabels']),
  ];
}

function checkName(name: string, what: string, path: Problem['path']): Problem[] {
  const at = [...path, 'name'];
  if (!name.trim()) return [{ path: at, message: `${article(what)} ${what} needs a name` }];
  if (name.length <= MAX_NAME) return [];
  return [
    {
      path: at,
      message: `${what} “${name}” is ${name.length} characters long; at most ${MAX_NAME} are allowed`,
    },
  ];
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? 'an' : 'a';
}

function checkColor({ color }: LabelDraft, where: string, path: Problem['path']): Problem[] {
  if (color === '' || /^#[0-9a-f]{6}$/i.test(color)) return [];
  const message = `${where}: colour “${color}” must read #rrggbb, for example #2080c0, or be left out`;
  return [{ path: [...path, 'color'], message }];
}

function checkType({ type }: LabelDraft, where: string, path: Problem['path']): Problem[] {
  const known = LABEL_TYPES.map(({ value }) => value);
  if (known.includes(type)) return [];
  return [
    {
      path: [...path, 'type'],
      message: `${where}: type “${type}” is unknown; use one of ${known.join(', ')}`,
    },
  ];
}

function checkAttribute(attribute: AttributeDraft, label: string, path: Problem['path']): Problem[] {
  const where = `${label}: attribute “${attribute.name}”`;
  const found = [
    ...checkName(attribute.name, 'attribute', path).map(({ message }) => ({
      path: [...path, 'name'],
      message: `${label}: ${message}`,
    })),
    ...checkInput(attribute, where, path),
  ];
  if (attribute.default_value.length > MAX_DEFAULT)
    found.push({
      path: [...path, 'default_value'],
      message: `${where}: the default value is longer than ${MAX_DEFAULT} characters`,
    });
  return found;
}

function checkInput(attribute: AttributeDraft, where: string, path: Problem['path']): Problem[] {
  switch (attribute.input_type) {
    case 'select':
    case 'radio':
      return checkChoices(attribute, where, path);
    case 'number':
      return checkNumber(attribute, where, path);
    case 'checkbox':
      return checkBoolean(attribute, where, path);
    case 'text':
      return [];
    default: {
      const known = INPUT_TYPES.map(({ value }) => value).join(', ');
      const message = `${where}: input type “${attribute.input_type}” is unknown; use one of ${known}`;
      return [{ path: [...path, 'input_type'], message }];
    }
  }
}

function checkChoices(attribute: AttributeDraft, where: string, path: Problem['path']): Problem[] {
  const { values, default_value, input_type } = attribute;
  const at = [...path, 'values'];
  if (values.length === 0)
    return [{ path: at, message: `${where}: a ${input_type} needs at least one value` }];
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) return [{ path: at, message: `${where}: value “${twice}” appears twice` }];
  if (default_value && !values.includes(default_value)) {
    const message = `${where}: the default “${default_value}” is none of its values (${values.join(', ')})`;
    return [{ path: [...path, 'default_value'], message }];
  }
  return [];
}

function checkNumber(
  { values, default_value }: AttributeDraft,
  where: string,
  path: Problem['path'],
): Problem[] {
  const at = [...path, 'values'];
  const [min = Number.NaN, max = Number.NaN, step = Number.NaN] = values.map(toNumber);
  if (values.length !== 3 || [min, max, step].some(Number.isNaN)) {
    const given = values.length ? `got ${values.join(';')}` : 'got none';
    return [{ path: at, message: `${where}: a number needs three values, min;max;step, ${given}` }];
  }
  if (min > max) return [{ path: at, message: `${where}: min ${min} must not exceed max ${max}` }];
  if (step <= 0) return [{ path: at, message: `${where}: step ${step} must be greater than 0` }];
  if (default_value === '') return [];
  const value = toNumber(default_value);
  if (value >= min && value <= max) return [];
  const message = `${where}: the default “${default_value}” must be a number from ${min} to ${max}`;
  return [{ path: [...path, 'default_value'], message }];
}

function toNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function checkBoolean({ default_value }: AttributeDraft, where: string, path: Problem['path']): Problem[] {
  if (['', 'true', 'false'].includes(default_value)) return [];
  const message = `${where}: the default “${default_value}” of a checkbox must be true or false`;
  return [{ path: [...path, 'default_value'], message }];
}

function checkUnique(items: readonly { name: string }[], what: string, path: Problem['path']): Problem[] {
  return items.flatMap(({ name }, i) => {
    const first = items.findIndex((item) => item.name === name);
    if (first === i || !name) return [];
    return [
      { path: [...path, i, 'name'], message: `${what} “${name}” exists already; names must be unique` },
    ];
  });
}
