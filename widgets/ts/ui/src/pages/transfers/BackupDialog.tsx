/** Makes a backup of a task or project: media, settings and annotations in one archive. */

import type { Target } from '@cvat-lab/client';
import type { RequestRead } from '@cvat-lab/schema';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { Button, Dialog, TextField, useToasts } from '../../components';
import { usePages } from '../context';
import { archiveName, saveResult } from './download';
import { TransferStatus } from './TransferStatus';
import { useTransfer } from './useTransfer';

interface BackupDialogProps {
  of: Target & { kind: 'task' | 'project' };
  /** For the title, for example `task “Parking lot”`. */
  name: string;
  onClose: () => void;
}

export function BackupDialog({ of, name, onClose }: BackupDialogProps) {
  const { api } = usePages();
  const toasts = useToasts();
  const transfer = useTransfer('Writing the backup');
  const [filename, setFilename] = useState('');
  const { state } = transfer;
  const save = (request: RequestRead) =>
    saveResult(api, request).catch((error) => toasts.fail('Cannot download the backup', error));
  const start = async () => {
    if (state.step === 'running' || state.step === 'finished') return;
    const options = { filename: archiveName(filename) };
    const done = await transfer.run((hooks) => api.transfers.exportBackup(of, { ...options, ...hooks }));
    if (done) await save(done);
  };
  return (
    <Dialog
      title={`Back up ${name}`}
      onClose={onClose}
      onSubmit={start}
      foot={
        state.step === 'finished' ? (
          <>
            <Button icon={Download} onClick={() => save(state.request)}>
              Download again
            </Button>
            <Button kind="primary" onClick={onClose} data-autofocus>
              Close
            </Button>
          </>
        ) : state.step === 'running' ? (
          <>
            <Button onClick={onClose} title="The backup goes on; find it under Requests">
              Go on in the background
            </Button>
            <Button onClick={transfer.cancel}>Cancel</Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" kind="primary">
              Back up
            </Button>
          </>
        )
      }
    >
      {(state.step === 'idle' || state.step === 'failed') && (
        <>
          <p>
            The archive has the media, the settings, the labels and all annotations. CVAT and cvat_lab can
            both create the {of.kind} from it again.
          </p>
          <TextField
            label="Custom name"
            value={filename}
            onChange={setFilename}
            placeholder="Made from name and date"
            maxLength={200}
          />
        </>
      )}
      <TransferStatus state={state} finished="The backup is ready, and the download has started." />
    </Dialog>
  );
}
