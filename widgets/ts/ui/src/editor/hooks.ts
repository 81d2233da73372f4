/** React's view of a session: contexts, and components that draw themselves anew when the editor changes. */

import type { Command, Editor, Topic } from '@cvat-lab/canvas';
import { displayShortcut } from '@cvat-lab/canvas';
import type { SyncStatus } from '@cvat-lab/client';
import type { JobRead } from '@cvat-lab/schema';
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { EditorOptions } from './options';
import type { Layout } from './preferences';
import type { EditorSession } from './session/EditorSession';

/** A dialog of the editor that is open. */
export type OpenDialog =
  | { readonly type: 'guide'; readonly guideId: number }
  | { readonly type: 'shortcuts' | 'settings' | 'export' | 'remove-annotations' }
  | { readonly type: 'propagate' }
  | { readonly type: 'confirm-remove'; readonly count: number };

/** What all parts of the view share. */
export interface EditorContextValue {
  readonly session: EditorSession;
  readonly options: EditorOptions;
  /** The whole view: what goes to full screen, and where keys are heard. */
  readonly root: HTMLElement;
  /** As it is now; its state may be changed from here. */
  readonly job: JobRead;
  readonly setJob: (job: JobRead) => void;
  readonly layout: Layout;
  readonly setLayout: (change: Partial<Layout>) => void;
  /** Little room: the sidebar lies over the canvas, and what is less needed is hidden. */
  readonly isCompact: boolean;
  readonly openDialog: (dialog: OpenDialog | null) => void;
}

export const EditorContext = createContext<EditorContextValue | null>(null);

export function useEditorContext(): EditorContextValue {
  const value = useContext(EditorContext);
  if (!value) throw new Error('useEditorContext must be used inside of an EditorView');
  return value;
}

export function useEditor(): Editor {
  return useEditorContext().session.editor;
}

/** Draw the component anew whenever one of the topics changes. */
export function useTopics(editor: Editor, ...topics: Topic[]): void {
  useReading(editor, topics, () => topics.reduce((sum, topic) => sum + editor.topics.version(topic), 0));
}

/** A value of the editor; the component is drawn anew only when it differs. Objects must keep their identity. */
export function useReading<T>(editor: Editor, topics: readonly Topic[], read: () => T): T {
  const key = topics.join();
  const subscribe = useCallback(
    (listener: () => void) => editor.topics.subscribe(key.split(',') as Topic[], listener),
    [editor, key],
  );
  return useSyncExternalStore(subscribe, read);
}

/** Milliseconds between updates while the job is played: lists that flicker help nobody. */
const CALM_INTERVAL = 200;

/** Like `useTopics`, but at most once per painted frame during a gesture, and a few times per second while playing. */
export function useCalmTopics(editor: Editor, ...topics: Topic[]): void {
  const key = topics.join();
  const subscribe = useCallback(
    (listener: () => void) => calmly(editor, key.split(',') as Topic[], listener),
    [editor, key],
  );
  useSyncExternalStore(subscribe, () => topics.reduce((sum, topic) => sum + editor.topics.version(topic), 0));
}

function calmly(editor: Editor, topics: Topic[], listener: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let request: number | null = null;
  const tell = () => {
    timer = null;
    request = null;
    listener();
  };
  const end = editor.topics.subscribe(topics, () => {
    if (timer !== null || request !== null) return;
    if (editor.player.isPlaying) timer = setTimeout(tell, CALM_INTERVAL);
    else if (editor.annotations.history.isMarked) request = requestAnimationFrame(tell);
    else listener();
  });
  return () => {
    end();
    if (timer !== null) clearTimeout(timer);
    if (request !== null) cancelAnimationFrame(request);
  };
}

export function useSyncStatus(session: EditorSession): SyncStatus {
  const subscribe = useCallback((listener: () => void) => session.sync.subscribe(listener), [session]);
  return useSyncExternalStore(subscribe, () => session.status);
}

/** Everything that decides whether a command can run. */
const COMMAND_TOPICS: readonly Topic[] = [
  'selection',
  'annotations',
  'tool',
  'player',
  'frame',
  'settings',
  'history',
];

export interface CommandState {
  readonly command: Command;
  /** For a tooltip: `Undo (Ctrl+Z)`. */
  readonly tip: string;
  readonly canRun: boolean;
  readonly run: () => void;
}

export function useCommand(id: string): CommandState {
  const editor = useEditor();
  const command = editor.commands.get(id);
  const canRun = useReading(editor, COMMAND_TOPICS, () => editor.canRun(command));
  const tip = tipOf(editor, command);
  return { command, tip, canRun, run: () => void editor.execute(id) };
}

/** Title and shortcuts of a command, as tooltips show them. */
export function tipOf(editor: Editor, command: Command, title: string = command.title): string {
  const keys = shortcutsOf(editor, command);
  return keys.length > 0 ? `${title} (${keys.join(', ')})` : title;
}

export function shortcutsOf({ commands }: Editor, command: Command): string[] {
  return commands.keys.keysOf(command).map(displayShortcut);
}
