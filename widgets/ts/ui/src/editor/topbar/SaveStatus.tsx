/** Whether everything is on the server, said honestly; and what to do when it is not. */

import type { SyncStatus } from '@cvat-lab/client';
import { CircleCheck, Download, RotateCw, TriangleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button, Popup, Spinner } from '../../components';
import { useEditorContext, useSyncStatus } from '../hooks';
import type { EditorSession } from '../session/EditorSession';

export function SaveStatus() {
  const { session } = useEditorContext();
  const status = useSyncStatus(session);
  const anchor = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const { state, detail } = status;
  if (state !== 'at-risk') {
    return (
      <span className="cvl-ed-status" data-state={state} role="status" title={detail}>
        {state === 'saved' ? <CircleCheck size={14} aria-hidden /> : <Spinner />}
        <span>{state === 'saved' ? 'Saved' : 'Saving…'}</span>
      </span>
    );
  }
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className="cvl-ed-status"
        data-state={state}
        aria-expanded={isOpen}
        title={detail}
        onClick={() => setOpen(!isOpen)}
      >
        <TriangleAlert size={14} aria-hidden />
        <span>{riskText(status)}</span>
      </button>
      {isOpen && (
        <Popup anchor={anchor} onClose={() => setOpen(false)} className="cvl-ed-risk">
          <RiskDetail session={session} detail={detail} />
        </Popup>
      )}
    </>
  );
}

export function riskText({ unsaved }: Pick<SyncStatus, 'unsaved'>): string {
  return `${unsaved} unsaved`;
}

function RiskDetail({ session, detail }: { session: EditorSession; detail: string }) {
  // What goes wrong again is told by the status, which stays.
  const save = () => void session.sync.flush().catch(() => undefined);
  return (
    <>
      <p>{detail}</p>
      <div className="cvl-ed-risk-actions">
        <Button size="small" icon={RotateCw} onClick={save}>
          Try again now
        </Button>
        <Button size="small" icon={Download} onClick={() => downloadUnsaved(session)}>
          Download my unsaved changes
        </Button>
      </div>
    </>
  );
}

/** Give the annotator a file with everything that is not on the server. */
export function downloadUnsaved({ sync, opened }: EditorSession): void {
  const url = URL.createObjectURL(sync.exportUnsaved());
  const link = document.createElement('a');
  link.href = url;
  link.download = `job-${opened.job.id}-unsaved.json`;
  link.click();
  // The download has taken its own hold of the data by the next minute.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
