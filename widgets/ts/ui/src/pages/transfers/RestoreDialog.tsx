/** Creates a task or project from a backup. */

import { useState } from 'react';
import { Button, Dialog, DropZone } from '../../components';
import { usePages } from '../context';
import { ChosenFile } from './ChosenFile';
import { TransferStatus } from './TransferStatus';
import { useTransfer } from './useTransfer';

interface RestoreDialogProps {
  kind: 'task' | 'project';
  onClose: () => void;
}

export function RestoreDialog({ kind, onClose }: RestoreDialogProps) {
  const { api, navigate } = usePages();
  const transfer = useTransfer(`Creating the ${kind}`);
  const [file, setFile] = useState<File | null>(null);
  const { state } = transfer;
  const made = state.step === 'finished' ? state.request.result_id : undefined;
  const start = async () => {
    if (!file || state.step === 'running') return;
    const named = { name: file.name, blob: file };
    await transfer.run((hooks) => api.transfers.restoreBackup(kind, named, hooks));
  };
  const open = () => {
    onClose();
    if (made !== undefined) navigate({ page: kind, id: made });
  };
  return (
    <Dialog
      title={`Create a ${kind} from a backup`}
      onClose={onClose}
      onSubmit={state.step === 'finished' ? open : start}
      foot={
        state.step === 'finished' ? (
          <>
            <Button onClick={onClose}>Close</Button>
            <Button type="submit" kind="primary" data-autofocus>
              Open {kind} #{made}
            </Button>
          </>
        ) : state.step === 'running' ? (
          <>
            <Button onClick={onClose} disabled={transfer.isUploading}>
              Go on in the background
            </Button>
            <Button onClick={transfer.cancel}>Cancel</Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" kind="primary" disabled={!file}>
              Create
            </Button>
          </>
        )
      }
    >
      {(state.step === 'idle' || state.step === 'failed') &&
        (file ? (
          <ChosenFile file={file} onRemove={() => setFile(null)} />
        ) : (
          <DropZone label="Backup" accept=".zip" onFiles={(files) => setFile(files[0] ?? null)}>
            The archive of a backup, made here or by CVAT
          </DropZone>
        ))}
      <TransferStatus state={state} finished={`The ${kind} is there again, as #${made}.`} />
    </Dialog>
  );
}
