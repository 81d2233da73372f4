/** Exports a project, a task or a job: format, with or without images, name of the archive. */

import type { Target } from '@cvat-lab/client';
import type { RequestRead } from '@cvat-lab/schema';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { Button, Checkbox, Dialog, TextField, useToasts } from '../../components';
import { usePages } from '../context';
import { archiveName, saveResult } from './download';
import { FormatField, useFormats } from './formats';
import { TransferStatus } from './TransferStatus';
import { useTransfer } from './useTransfer';

interface ExportDialogProps {
  of: Target;
  /** For the title, for example `task “Parking lot”`. */
  name: string;
  /** `2d` or `3d`: only formats of that dimension are offered. */
  dimension: string;
  onClose: () => void;
}

export function ExportDialog({ of, name, dimension, onClose }: ExportDialogProps) {
  const { api } = usePages();
  const toasts = useToasts();
  const formats = useFormats('exporters', dimension);
  const transfer = useTransfer('Exporting');
  const [chosen, setFormat] = useState('');
  const [saveImages, setSaveImages] = useState(false);
  const [filename, setFilename] = useState('');
  const { state } = transfer;
  const format = chosen || preferred(formats.data?.map((item) => item.name) ?? []);

  const save = (request: RequestRead) =>
    saveResult(api, request).catch((error) => toasts.fail('Cannot download the export', error));
  const start = async () => {
    if (!format || state.step === 'running' || state.step === 'finished') return;
    const options = { saveImages, filename: archiveName(filename) };
    const done = await transfer.run((hooks) =>
      api.transfers.exportDataset(of, format, { ...options, ...hooks }),
    );
    if (done) await save(done);
  };

  return (
    <Dialog
      title={`Export ${name}`}
      onClose={onClose}
      onSubmit={start}
      foot={
        state.step === 'finished' ? (
          <>
            <Button onClick={transfer.reset}>Export again</Button>
            <Button icon={Download} onClick={() => save(state.request)}>
              Download again
            </Button>
            <Button kind="primary" onClick={onClose} data-autofocus>
              Close
            </Button>
          </>
        ) : state.step === 'running' ? (
          <>
            <Button onClick={onClose} title="The export goes on; find it under Requests">
              Go on in the background
            </Button>
            <Button onClick={transfer.cancel}>Cancel</Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" kind="primary" disabled={!format}>
              Export
            </Button>
          </>
        )
      }
    >
      {(state.step === 'idle' || state.step === 'failed') && (
        <>
          <FormatField formats={formats} value={format} onChange={setFormat} />
          <Checkbox
            label="Save images"
            checked={saveImages}
            onChange={setSaveImages}
            hint="With the images the archive can train a model as it is; without them it is small."
          />
          <TextField
            label="Custom name"
            value={filename}
            onChange={setFilename}
            placeholder="Made from name, date and format"
            maxLength={200}
          />
        </>
      )}
      <TransferStatus state={state} finished={`${format} is ready, and the download has started.`} />
    </Dialog>
  );
}

const PREFERRED = ['CVAT for images 1.1', 'COCO 1.0'];

function preferred(names: string[]): string {
  return PREFERRED.find((name) => names.includes(name)) ?? names[0] ?? '';
}
