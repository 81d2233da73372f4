/** Which label of a project takes the place of which label of a task that moves there. */

import type { AttributeRead, LabelRead, LabelWrite } from '@cvat-lab/schema';

export interface MappedLabel {
  label: LabelRead;
  /** The label of the project; null = not chosen yet. */
  target: LabelRead | null;
  /** Leave the values of all attributes behind. */
  clear: boolean;
}

/** Labels that may take the place of another one: a skeleton stays a skeleton. */
export function targetsOf(label: LabelRead, theirs: readonly LabelRead[]): LabelRead[] {
  return theirs.filter((target) => (target.type === 'skeleton') === (label.type === 'skeleton'));
}

/** The mapping to start with: labels of the same name belong together. */
export function proposeMapping(mine: readonly LabelRead[], theirs: readonly LabelRead[]): MappedLabel[] {
  return mine.map((label) =>
    retarget(
      { label, target: null, clear: false },
      targetsOf(label, theirs).find(({ name }) => name === label.name) ?? null,
    ),
  );
}

/** Choose another target. What it cannot take has to be cleared, so that is proposed. */
export function retarget({ label }: MappedLabel, target: LabelRead | null): MappedLabel {
  return { label, target, clear: target !== null && lackedAttributes(label, target).length > 0 };
}

/** The attributes that the target has none of the same name for. */
export function lackedAttributes(label: LabelRead, target: LabelRead): AttributeRead[] {
  const known = new Set(target.attributes.map(({ name }) => name));
  return label.attributes.filter(({ name }) => !known.has(name));
}

/** Why a label cannot move yet; null when it can. */
export function mappingProblem({ label, target, clear }: MappedLabel): string | null {
  if (!target) return 'Choose a label of the project';
  const lacked = clear ? [] : lackedAttributes(label, target);
  if (lacked.length === 0) return null;
  const names = lacked.map(({ name }) => `“${name}”`).join(', ');
  return `“${target.name}” has no attribute ${names}`;
}

/** The `labels` of the patch that moves the task: only what does not go without saying. */
export function mappingPatch(mapping: readonly MappedLabel[]): LabelWrite[] {
  return mapping.flatMap(({ label, target, clear }) => {
    const cleared = clear ? label.attributes : [];
    if (!target || (target.name === label.name && cleared.length === 0)) return [];
    const attributes = cleared.map((attribute) => ({ ...attribute, deleted: true }));
    return [{ id: label.id, name: target.name, attributes }];
  });
}
