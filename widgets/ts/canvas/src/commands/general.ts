import type { Command } from './Command';

export const GENERAL_COMMANDS: readonly Command[] = [
  {
    id: 'general.show-shortcuts',
    title: 'Show the list of shortcuts',
    group: 'General',
    keys: ['f1'],
    run: (editor) => editor.request({ type: 'show-shortcuts' }),
  },
  {
    id: 'general.show-settings',
    title: 'Open the settings, or go back',
    group: 'General',
    keys: ['f2', 'f3'],
    run: (editor) => editor.request({ type: 'show-settings' }),
  },
  {
    id: 'general.save',
    title: 'Save the job',
    group: 'General',
    keys: ['ctrl+s'],
    run: (editor) => editor.request({ type: 'save' }),
  },
  {
    id: 'history.undo',
    title: 'Undo',
    group: 'General',
    keys: ['ctrl+z'],
    edits: true,
    repeats: true,
    run: (editor) => editor.undo(),
  },
  {
    id: 'history.redo',
    title: 'Redo',
    group: 'General',
    keys: ['ctrl+shift+z', 'ctrl+y'],
    edits: true,
    repeats: true,
    run: (editor) => editor.redo(),
  },
];
