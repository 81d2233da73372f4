import type { Editor } from '../editor';
import { copyOf } from '../model/create';
import type { StatePatch } from '../model/edits';
import type { ObjectState } from '../model/states';
import type { Command } from './Command';

/** Argument of `objects.propagate`. */
export interface PropagateArgs {
  /** Frames that get a copy. */
  readonly frames: readonly number[];
}

export const OBJECT_COMMANDS: readonly Command[] = [
  {
    id: 'objects.lock',
    title: 'Lock or unlock the object',
    group: 'Objects',
    keys: ['l'],
    enabled: hasTargets,
    run: (editor) =>
      toggle(
        editor,
        'Lock',
        editor.selection.targets,
        (state) => state.object.locked,
        (locked) => ({ locked }),
      ),
  },
  {
    id: 'objects.lock-all',
    title: 'Lock or unlock all objects',
    group: 'Objects',
    keys: ['t l'],
    run: (editor) =>
      toggle(
        editor,
        'Lock all',
        allStates(editor),
        (state) => state.object.locked,
        (locked) => ({ locked }),
      ),
  },
  {
    id: 'objects.hide',
    title: 'Hide or show the object',
    group: 'Objects',
    keys: ['h'],
    enabled: hasTargets,
    run: (editor) =>
      toggle(
        editor,
        'Hide',
        editor.selection.targets,
        (state) => state.object.hidden,
        (hidden) => ({ hidden }),
      ),
  },
  {
    id: 'objects.hide-all',
    title: 'Hide or show all objects',
    group: 'Objects',
    keys: ['t h'],
    run: (editor) =>
      toggle(
        editor,
        'Hide all',
        allStates(editor),
        (state) => state.object.hidden,
        (hidden) => ({ hidden }),
      ),
  },
  {
    id: 'objects.pin',
    title: 'Switch the pinned property',
    group: 'Objects',
    keys: [],
    enabled: hasTargets,
    run: (editor) =>
      toggle(
        editor,
        'Pin',
        editor.selection.targets,
        (state) => state.object.pinned,
        (pinned) => ({ pinned }),
      ),
  },
  {
    id: 'objects.occluded',
    title: 'Switch the occluded property',
    group: 'Objects',
    keys: ['q', '/'],
    edits: true,
    enabled: hasEditable,
    run: (editor) =>
      toggle(
        editor,
        'Occluded',
        editor.selection.editable,
        (state) => state.occluded,
        (occluded) => ({ occluded }),
      ),
  },
  {
    id: 'objects.remove',
    title: 'Delete the object',
    group: 'Objects',
    keys: ['delete'],
    edits: true,
    enabled: hasTargets,
    run(editor) {
      const { targets, editable } = editor.selection;
      if (editable.length > 0) remove(editor, editable);
      else editor.request({ type: 'confirm-remove', clientIds: targets.map((state) => state.clientId) });
    },
  },
  {
    id: 'objects.remove-locked',
    title: 'Delete the object, even if it is locked',
    group: 'Objects',
    keys: ['shift+delete'],
    edits: true,
    enabled: hasTargets,
    run: (editor) => remove(editor, editor.selection.targets),
  },
  {
    id: 'objects.farther',
    title: 'Put the object farther away (lower z_order)',
    group: 'Objects',
    keys: ['-', '_'],
    edits: true,
    repeats: true,
    enabled: hasEditable,
    run: (editor) =>
      edit(editor, 'Farther', editor.selection.editable, ({ z_order }) => ({ z_order: z_order - 1 })),
  },
  {
    id: 'objects.closer',
    title: 'Bring the object closer (higher z_order)',
    group: 'Objects',
    keys: ['=', 'plus'],
    edits: true,
    repeats: true,
    enabled: hasEditable,
    run: (editor) =>
      edit(editor, 'Closer', editor.selection.editable, ({ z_order }) => ({ z_order: z_order + 1 })),
  },
  {
    id: 'objects.to-background',
    title: 'Put the object behind all others',
    group: 'Objects',
    keys: [],
    edits: true,
    enabled: hasEditable,
    run: (editor) =>
      edit(editor, 'To background', editor.selection.editable, () => ({ z_order: zOrders(editor).min - 1 })),
  },
  {
    id: 'objects.to-foreground',
    title: 'Bring the object before all others',
    group: 'Objects',
    keys: [],
    edits: true,
    enabled: hasEditable,
    run: (editor) =>
      edit(editor, 'To foreground', editor.selection.editable, () => ({ z_order: zOrders(editor).max + 1 })),
  },
  {
    id: 'objects.copy',
    title: 'Copy the object',
    group: 'Objects',
    keys: ['ctrl+c'],
    enabled: hasTargets,
    run: ({ clipboard, selection }) => clipboard.copy(selection.targets),
  },
  {
    id: 'objects.paste',
    title: 'Paste the copied object; hold Ctrl to paste several times',
    group: 'Objects',
    keys: ['ctrl+v'],
    edits: true,
    enabled: ({ clipboard }) => !clipboard.isEmpty,
    run: (editor) => editor.setTool('paste'),
  },
  {
    id: 'objects.propagate',
    title: 'Propagate the object to other frames',
    group: 'Objects',
    keys: ['ctrl+b'],
    edits: true,
    enabled: hasTargets,
    run: (editor, args) => propagate(editor, args as PropagateArgs | undefined),
  },
  {
    id: 'objects.next',
    title: 'Go to the next object of the frame',
    group: 'Objects',
    keys: ['tab'],
    repeats: true,
    enabled: ({ scene }) => scene.drawingOrder.length > 0,
    run: (editor) => cycle(editor, 1),
  },
  {
    id: 'objects.previous',
    title: 'Go to the previous object of the frame',
    group: 'Objects',
    keys: ['shift+tab'],
    repeats: true,
    enabled: ({ scene }) => scene.drawingOrder.length > 0,
    run: (editor) => cycle(editor, -1),
  },
  {
    id: 'objects.select-all',
    title: 'Select all objects of the frame',
    group: 'Objects',
    keys: ['ctrl+a'],
    run: ({ scene, selection }) =>
      selection.select(
        scene.drawingOrder
          .map((item) => item.state)
          .filter((state) => !state.object.locked)
          .map((state) => state.clientId),
      ),
  },
];

function hasTargets({ selection }: Editor): boolean {
  return selection.targets.length > 0;
}

function hasEditable({ selection }: Editor): boolean {
  return selection.editable.length > 0;
}

function allStates({ scene }: Editor): ObjectState[] {
  return [...scene.states.values()];
}

export function edit(
  editor: Editor,
  title: string,
  states: readonly ObjectState[],
  patchOf: (state: ObjectState) => StatePatch,
): void {
  const patches = new Map(states.map((state) => [state.clientId, patchOf(state)]));
  editor.annotations.update(title, editor.frame, patches);
}

/** Switch a property on for all objects, or off when all of them have it. */
export function toggle(
  editor: Editor,
  title: string,
  states: readonly ObjectState[],
  has: (state: ObjectState) => boolean,
  patchOf: (value: boolean) => StatePatch,
): void {
  const value = !states.every(has);
  edit(editor, title, states, () => patchOf(value));
}

function remove({ annotations, frame }: Editor, states: readonly ObjectState[]): void {
  annotations.remove(
    'Delete',
    frame,
    states.map((state) => state.clientId),
  );
}

function zOrders(editor: Editor): { min: number; max: number } {
  const orders = allStates(editor)
    .map((state) => state.z_order)
    .sort((a, b) => a - b);
  return { min: orders[0]!, max: orders.at(-1)! };
}

/** Copies on other frames are shapes, also those of a track. */
function propagate(editor: Editor, args: PropagateArgs | undefined): void {
  const states = editor.selection.targets;
  if (!args) {
    editor.request({ type: 'ask-propagate', clientIds: states.map((state) => state.clientId) });
    return;
  }
  const copies = args.frames.flatMap((frame) =>
    states.map((state) => copyOf(state, frame, editor.labels, state.kind === 'tag' ? 'tag' : 'shape')),
  );
  editor.annotations.add('Propagate', editor.frame, copies);
}

function cycle({ scene, selection }: Editor, by: 1 | -1): void {
  const ids = scene.drawingOrder.map((item) => item.state.clientId).sort((a, b) => a - b);
  const position = selection.active === null ? -1 : ids.indexOf(selection.active);
  const next = position < 0 ? (by > 0 ? 0 : ids.length - 1) : (position + by + ids.length) % ids.length;
  selection.activate(ids[next]!);
}
