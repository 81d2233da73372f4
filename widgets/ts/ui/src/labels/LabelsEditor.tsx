/**
 * The labels editor of projects and tasks, with CVAT's two modes: constructor and raw JSON.
 *
 * For new projects and tasks it edits a list in a form. For stored ones every change is sent at once, and deleting a
 * label, which deletes its annotations, asks first.
 */

import { Braces, Copy, Shapes } from 'lucide-react';
import { useState } from 'react';
import { Button, ConfirmDialog, Tabs, useToasts } from '../components';
import { copyText } from '../components/clipboard';
import type { LabelDraft } from './draft';
import { LabelConstructor } from './LabelConstructor';
import { RawEditor } from './RawEditor';
import { formatForCopy } from './raw';

interface LabelsEditorProps {
  labels: LabelDraft[];
  /** Take or send the new list. @throws when it is refused; the message is shown */
  onChange: (labels: LabelDraft[]) => void | Promise<void>;
}

const MODES = [
  { value: 'constructor', label: 'Constructor', icon: Shapes },
  { value: 'raw', label: 'Raw', icon: Braces },
] as const;

export function LabelsEditor({ labels, onChange }: LabelsEditorProps) {
  const toasts = useToasts();
  const [mode, setMode] = useState<'constructor' | 'raw'>('constructor');
  const [busy, setBusy] = useState(false);
  /** A list that deletes stored labels, until the user has agreed. */
  const [pending, setPending] = useState<LabelDraft[] | null>(null);

  const apply = async (next: LabelDraft[]): Promise<boolean> => {
    setBusy(true);
    try {
      await onChange(next);
      return true;
    } catch (error) {
      toasts.fail('The labels were not changed', error);
      return false;
    } finally {
      setBusy(false);
      setPending(null);
    }
  };
  const applyOrAsk = async (next: LabelDraft[]): Promise<boolean> => {
    if (lostLabels(labels, next).length === 0) return apply(next);
    setPending(next);
    return false;
  };
  const copy = () =>
    copyText(formatForCopy(labels)).then(
      () => toasts.say('The labels are on the clipboard', 'good'),
      (error) => toasts.fail('Cannot copy the labels', error),
    );

  return (
    <div className="cvl-labels">
      <Tabs label="Mode of the labels editor" tabs={MODES} value={mode} onChange={setMode}>
        {mode === 'raw' ? (
          <RawEditor labels={labels} busy={busy} onDone={applyOrAsk} />
        ) : (
          <LabelConstructor
            labels={labels}
            busy={busy}
            onChange={applyOrAsk}
            onRemove={(label) => applyOrAsk(labels.filter((other) => other !== label))}
          />
        )}
      </Tabs>
      <Button className="cvl-labels-copy" kind="ghost" size="small" icon={Copy} onClick={copy}>
        Copy
      </Button>
      {pending && (
        <DeleteLabels
          names={lostLabels(labels, pending)}
          busy={busy}
          onConfirm={() => apply(pending)}
          onCancel={() => setPending(null)}
        />
      )}
    </div>
  );
}

interface DeleteLabelsProps {
  names: string[];
  busy: boolean;
  onConfirm: () => void;
  onCancel: () => void;
}

function DeleteLabels({ names, busy, onConfirm, onCancel }: DeleteLabelsProps) {
  const many = names.length > 1;
  return (
    <ConfirmDialog
      title={many ? `Delete ${names.length} labels?` : `Delete label “${names[0]}”?`}
      action="Delete"
      danger
      busy={busy}
      onConfirm={onConfirm}
      onCancel={onCancel}
    >
      {many ? `The labels ${names.map((name) => `“${name}”`).join(', ')} are` : 'The label is'} deleted with
      all annotations that have {many ? 'them' : 'it'}. This cannot be undone.
    </ConfirmDialog>
  );
}

/** Names of stored labels that are missing in the new list. */
function lostLabels(labels: readonly LabelDraft[], next: readonly LabelDraft[]): string[] {
  const kept = new Set(next.map(({ id }) => id));
  return labels.filter(({ id }) => id !== undefined && !kept.has(id)).map(({ name }) => name);
}
