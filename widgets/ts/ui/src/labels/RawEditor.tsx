/** The raw form: labels as JSON text. Done applies it, Reset drops the changes. */

import { Check, RotateCcw } from 'lucide-react';
import { type ClipboardEvent, useEffect, useState } from 'react';
import { Button, Notice, TextArea } from '../components';
import type { LabelDraft } from './draft';
import { formatRaw, parseRaw, stripIds } from './raw';

interface RawEditorProps {
  labels: LabelDraft[];
  busy: boolean;
  onDone: (labels: LabelDraft[]) => void;
}

export function RawEditor({ labels, busy, onDone }: RawEditorProps) {
  const stored = formatRaw(labels);
  const [text, setText] = useState(stored);
  const [problems, setProblems] = useState<string[]>([]);
  useEffect(() => {
    setText(stored);
    setProblems([]);
  }, [stored]);
  const apply = () => {
    const result = parseRaw(text, idsOf(labels));
    setProblems(result.problems);
    if (result.labels) onDone(result.labels);
  };
  const reset = () => {
    setText(stored);
    setProblems([]);
  };
  return (
    <div className="cvl-raw">
      <TextArea
        label="Labels as JSON"
        hideLabel
        code
        rows={Math.min(22, Math.max(8, text.split('\n').length + 1))}
        value={text}
        aria-invalid={problems.length > 0 || undefined}
        onChange={setText}
        onPaste={(event) => pasteWithoutIds(event, setText)}
      />
      {problems.length > 0 && (
        <Notice tone="bad">
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}.</li>
            ))}
          </ul>
        </Notice>
      )}
      <div className="cvl-row">
        <Button kind="primary" icon={Check} busy={busy} onClick={apply}>
          Done
        </Button>
        <Button icon={RotateCcw} disabled={busy || text === stored} onClick={reset}>
          Reset
        </Button>
      </div>
    </div>
  );
}

function idsOf(labels: readonly LabelDraft[]): Set<number> {
  const ids = labels.flatMap(({ id, sublabels }) => [
    id,
    ...(sublabels ?? []).map((sublabel) => sublabel.id),
  ]);
  return new Set(ids.filter((id) => id !== undefined));
}

/** Labels that come from elsewhere are new here, whatever ids they had there. */
function pasteWithoutIds(event: ClipboardEvent<HTMLTextAreaElement>, setText: (text: string) => void): void {
  const pasted = event.clipboardData.getData('text');
  const clean = stripIds(pasted);
  if (clean === pasted) return;
  event.preventDefault();
  const { selectionStart, selectionEnd, value } = event.currentTarget;
  setText(value.slice(0, selectionStart) + clean + value.slice(selectionEnd));
}
