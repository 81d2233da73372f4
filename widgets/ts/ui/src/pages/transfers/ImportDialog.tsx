/** Uploads annotations into a task or job, or a dataset with its images into a project. */

import type { Target } from '@cvat-lab/client';
import { useState } from 'react';
import { Button, Checkbox, ConfirmDialog, Dialog, DropZone, Select } from '../../components';
import { usePages } from '../context';
import { ChosenFile } from './ChosenFile';
import { FormatField, useFormats } from './formats';
import { TransferStatus } from './TransferStatus';
import { useTransfer } from './useTransfer';

interface ImportDialogProps {
  into: Target;
  name: string;
  dimension: string;
  onClose: () => void;
}

type Mode = 'replace' | 'append';

const MODES = [
  { value: 'replace', label: 'Replace the existing annotations' },
  { value: 'append', label: 'Add to the existing annotations' },
] as const;

export function ImportDialog({ into, name, dimension, onClose }: ImportDialogProps) {
  const { api } = usePages();
  const formats = useFormats('importers', dimension);
  const transfer = useTransfer('Importing');
  const [format, setFormat] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [maskToPolygon, setMaskToPolygon] = useState(true);
  const [mode, setMode] = useState<Mode>('replace');
  const [asking, setAsking] = useState(false);
  const { state } = transfer;
  const isProject = into.kind === 'project';
  const ready = format !== '' && file !== null;

  const start = () => {
    setAsking(false);
    if (!ready) return;
    const named = { name: file.name, blob: file };
    transfer.run((hooks) =>
      isProject
        ? api.transfers.importDataset(into.id, format, named, hooks)
        : api.transfers.importAnnotations(
            { kind: into.kind === 'job' ? 'job' : 'task', id: into.id },
            format,
            named,
            {
              maskToPolygon,
              mode,
              ...hooks,
            },
          ),
    );
  };
  const submit = () => {
    if (!ready || state.step === 'running') return;
    if (!isProject && mode === 'replace') setAsking(true);
    else start();
  };

  return (
    <Dialog
      title={isProject ? `Import a dataset into ${name}` : `Upload annotations to ${name}`}
      onClose={onClose}
      onSubmit={submit}
      foot={
        state.step === 'finished' ? (
          <Button kind="primary" onClick={onClose} data-autofocus>
            Close
          </Button>
        ) : (
          <>
            <Button onClick={state.step === 'running' ? transfer.cancel : onClose}>Cancel</Button>
            <Button type="submit" kind="primary" disabled={!ready} busy={state.step === 'running'}>
              {isProject ? 'Import' : 'Upload'}
            </Button>
          </>
        )
      }
    >
      {(state.step === 'idle' || state.step === 'failed') && (
        <>
          <FormatField formats={formats} value={format} onChange={setFormat} />
          {file ? (
            <ChosenFile file={file} onRemove={() => setFile(null)} />
          ) : (
            <DropZone label="Annotation file" onFiles={(files) => setFile(files[0] ?? null)}>
              A file or archive in the chosen format
            </DropZone>
          )}
          {!isProject && (
            <>
              <Select label="Existing annotations" value={mode} options={MODES} onChange={setMode} />
              <Checkbox
                label="Convert masks to polygons"
                checked={maskToPolygon}
                onChange={setMaskToPolygon}
              />
            </>
          )}
        </>
      )}
      <TransferStatus state={state} finished={`${file?.name ?? 'The file'} has been imported.`} />
      {asking && (
        <ConfirmDialog
          title="Replace the annotations?"
          action="Replace"
          danger
          onConfirm={start}
          onCancel={() => setAsking(false)}
        >
          All annotations of {name} are replaced by those of {file?.name}.
        </ConfirmDialog>
      )}
    </Dialog>
  );
}
