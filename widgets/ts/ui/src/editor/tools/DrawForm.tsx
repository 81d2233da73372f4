/** What is drawn next: label, method, number of points, shape or track. */

import type { Editor } from '@cvat-lab/canvas';
import type { LabelRead } from '@cvat-lab/schema';
import { Film, Image as ImageIcon } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { Button, NumberField, Select } from '../../components';
import { useEditorContext, useTopics } from '../hooks';

export type DrawnType = 'rectangle' | 'polygon';

const MIN_POINTS = 3;

interface DrawFormProps {
  type: DrawnType;
  title: string;
  onStart: () => void;
}

export function DrawForm({ type, title, onStart }: DrawFormProps) {
  const { session, root } = useEditorContext();
  const { editor } = session;
  useTopics(editor, 'drawing');
  const labels = editor.labels.all.filter((label) => editor.labels.accepts(label.id, type));
  const [labelId, setLabelId] = useState(() => proposedLabel(editor, labels));
  const [pointCount, setPointCount] = useState(() => lastPointCount(editor));
  if (labels.length === 0) return <NoLabel type={type} />;
  const problem = pointCount !== null && pointCount < MIN_POINTS ? `At least ${MIN_POINTS} points` : null;
  const start = (kind: 'shape' | 'track') => {
    if (problem) return;
    onStart();
    const points = type === 'polygon' ? pointCount : null;
    editor.drawing.start({ type, kind, label_id: labelId!, method: null, pointCount: points });
    root.querySelector<HTMLElement>('.cvl-ed-canvas')?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    start('shape');
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter in a field begins a shape, as in a form
    <div className="cvl-ed-form" onKeyDown={onKeyDown}>
      <strong>{title}</strong>
      <Select
        label="Label"
        value={String(labelId)}
        options={labels.map(({ id, name }) => ({ value: String(id), label: name }))}
        onChange={(value) => setLabelId(Number(value))}
      />
      {type === 'rectangle' ? (
        <p className="cvl-soft">By 2 points: click two corners, or drag.</p>
      ) : (
        <NumberField
          label="Number of points"
          placeholder="Any; N finishes"
          min={MIN_POINTS}
          value={pointCount}
          error={problem}
          onChange={setPointCount}
        />
      )}
      <div className="cvl-ed-form-buttons">
        <Button icon={ImageIcon} title="On this frame only" onClick={() => start('shape')}>
          Shape
        </Button>
        <Button icon={Film} title="On this and the following frames" onClick={() => start('track')}>
          Track
        </Button>
      </div>
    </div>
  );
}

function NoLabel({ type }: { type: DrawnType }) {
  return (
    <p className="cvl-popup-note">The task has no label for a {type}. Add one on the page of the task.</p>
  );
}

/** The label that was used last, if it fits. */
export function proposedLabel({ drawing }: Editor, labels: readonly LabelRead[]): number | null {
  const { label_id } = drawing.parameters;
  return (labels.find(({ id }) => id === label_id) ?? labels[0])?.id ?? null;
}

function lastPointCount({ drawing }: Editor): number | null {
  return drawing.parameters.type === 'polygon' ? drawing.parameters.pointCount : null;
}
