/** Does what the canvas asks of the user interface, and tells what came from elsewhere. */

import type { UiRequest } from '@cvat-lab/canvas';
import { useEffect } from 'react';
import { useToasts } from '../components';
import { type EditorContextValue, useEditorContext } from './hooks';

export function useEditorRequests(): void {
  const context = useEditorContext();
  const toasts = useToasts();
  const { session } = context;
  useEffect(() => {
    const answer = (request: UiRequest) => {
      if (request.type === 'save')
        session.sync.flush().catch((error) => toasts.fail('The job is not saved', error));
      else if (request.type === 'notice') toasts.say(request.text);
      else openDialogFor(request, context);
    };
    const ends = [
      session.editor.requests.on(answer),
      session.merged.on((count) => toasts.say(mergedText(count))),
      session.lost.on((error) => toasts.fail("Others' changes are not shown any more", error)),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [session, context, toasts]);
}

function openDialogFor(request: UiRequest, { openDialog }: EditorContextValue): void {
  if (request.type === 'show-shortcuts') openDialog({ type: 'shortcuts' });
  else if (request.type === 'show-settings') openDialog({ type: 'settings' });
  else if (request.type === 'ask-propagate') openDialog({ type: 'propagate' });
  else if (request.type === 'confirm-remove')
    openDialog({ type: 'confirm-remove', count: request.clientIds.length });
}

export function mergedText(count: number): string {
  return `${count} ${count === 1 ? 'change' : 'changes'} from elsewhere merged in.`;
}
