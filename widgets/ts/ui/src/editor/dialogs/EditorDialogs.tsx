/** The dialogs of the editor. One is open at a time. */

import { ConfirmDialog } from '../../components';
import { GuideDialog } from '../../pages/guide/GuideDialog';
import { ExportDialog } from '../../pages/transfers/ExportDialog';
import { type OpenDialog, useEditorContext } from '../hooks';
import { PropagateDialog } from './PropagateDialog';
import { RemoveAnnotationsDialog } from './RemoveAnnotationsDialog';
import { SettingsDialog } from './SettingsDialog';
import { ShortcutsDialog } from './ShortcutsDialog';

interface EditorDialogsProps {
  dialog: OpenDialog;
  onClose: () => void;
}

export function EditorDialogs({ dialog, onClose }: EditorDialogsProps) {
  const { job } = useEditorContext();
  switch (dialog.type) {
    case 'shortcuts':
      return <ShortcutsDialog onClose={onClose} />;
    case 'settings':
      return <SettingsDialog onClose={onClose} />;
    case 'propagate':
      return <PropagateDialog onClose={onClose} />;
    case 'confirm-remove':
      return <ConfirmRemove count={dialog.count} onClose={onClose} />;
    case 'remove-annotations':
      return <RemoveAnnotationsDialog onClose={onClose} />;
    case 'guide':
      return <GuideDialog guideId={dialog.guideId} onClose={onClose} />;
    case 'export': {
      const of = { kind: 'job', id: job.id } as const;
      return <ExportDialog of={of} name={`job #${job.id}`} dimension={job.dimension} onClose={onClose} />;
    }
  }
}

function ConfirmRemove({ count, onClose }: { count: number; onClose: () => void }) {
  const { session } = useEditorContext();
  const remove = () => {
    onClose();
    session.editor.execute('objects.remove-locked');
  };
  const what = count === 1 ? 'the locked object' : `${count} locked objects`;
  return (
    <ConfirmDialog title={`Delete ${what}?`} action="Delete" danger onConfirm={remove} onCancel={onClose}>
      It is locked so that nobody changes it by accident. Undo brings it back.
    </ConfirmDialog>
  );
}
