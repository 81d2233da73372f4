/** The open editor: bar at the top, tools at the left, canvas, sidebar at the right, and the dialogs above. */

import { useCallback, useEffect, useMemo, useState } from 'react';
import { classes, useToasts } from '../components';
import { PagesContext, type PagesValue } from '../pages/context';
import { CanvasView } from './canvas/CanvasView';
import { EditorDialogs } from './dialogs/EditorDialogs';
import { EditorContext, type EditorContextValue, type OpenDialog } from './hooks';
import { type Layout, loadLayout, saveLayout } from './preferences';
import type { EditorController } from './session/EditorController';
import type { EditorSession } from './session/EditorSession';
import { Sidebar } from './sidebar/Sidebar';
import { ToolBar } from './tools/ToolBar';
import { TopBar } from './topbar/TopBar';
import { useEditorRequests } from './useEditorRequests';
import { useIsCompact } from './useSize';

interface EditorViewProps {
  session: EditorSession;
  controller: EditorController;
  root: HTMLElement;
}

export function EditorView({ session, controller, root }: EditorViewProps) {
  const { options } = controller;
  const [job, setJob] = useState(session.opened.job);
  const [layout, setLayout] = useLayout();
  const [dialog, openDialog] = useState<OpenDialog | null>(null);
  const isCompact = useIsCompact(root);
  const value = useMemo<EditorContextValue>(
    () => ({ session, options, root, job, setJob, layout, setLayout, isCompact, openDialog }),
    [session, options, root, job, layout, setLayout, isCompact],
  );
  return (
    <EditorContext.Provider value={value}>
      <PagesContext.Provider value={usePagesValue(value)}>
        <Requests problems={controller.problems} />
        <div className={classes('cvl-ed-view', isCompact && 'cvl-ed-compact')}>
          <TopBar />
          <div className="cvl-ed-body">
            <ToolBar />
            <CanvasView />
            <Sidebar />
          </div>
        </div>
        {dialog && <EditorDialogs dialog={dialog} onClose={() => openDialog(null)} />}
      </PagesContext.Provider>
    </EditorContext.Provider>
  );
}

function useLayout(): [Layout, (change: Partial<Layout>) => void] {
  const [layout, set] = useState(loadLayout);
  const change = useCallback((part: Partial<Layout>) => set((before) => ({ ...before, ...part })), []);
  useEffect(() => saveLayout(layout), [layout]);
  return [layout, change];
}

/** What the dialogs of the pages, which are used here too, expect around them. */
function usePagesValue({ session, options }: EditorContextValue): PagesValue {
  return useMemo(
    () => ({
      api: session.api,
      home: session.api.within(null),
      me: null,
      navigate: (route) => {
        if (route.page === 'task') options.onOpenTask?.(route.id);
      },
      openJob: (_jobId, frame) => {
        if (frame !== undefined) session.goTo(frame);
      },
      switchOrganization: null,
      hasPasswords: false,
    }),
    [session, options],
  );
}

/** A component of its own: it draws nothing, and needs the context. */
function Requests({ problems }: { problems: readonly string[] }) {
  const toasts = useToasts();
  useEffect(() => {
    for (const problem of problems) toasts.say(problem);
  }, [problems, toasts]);
  useEditorRequests();
  return null;
}
