/** Asks before all annotations of the job are removed. It is a step that can be undone. */

import type { Editor } from '@cvat-lab/canvas';
import { ConfirmDialog } from '../../components';
import { useEditorContext } from '../hooks';

export function RemoveAnnotationsDialog({ onClose }: { onClose: () => void }) {
  const { session, job } = useEditorContext();
  const remove = () => {
    onClose();
    removeAll(session.editor);
  };
  return (
    <ConfirmDialog
      title="Remove all annotations?"
      action="Remove all"
      danger
      onConfirm={remove}
      onCancel={onClose}
    >
      All shapes, tracks and tags on all frames of job #{job.id} are removed. Undo brings them back as long as
      the editor is open.
    </ConfirmDialog>
  );
}

export function removeAll({ annotations, frame }: Editor): void {
  annotations.materializeAll();
  const clientIds = [...annotations.all()].map(({ clientId }) => clientId);
  annotations.remove('Remove annotations', frame, clientIds);
}
