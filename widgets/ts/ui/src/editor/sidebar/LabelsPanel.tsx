/** The labels of the job: those on the frame can be shown, hidden and locked together; every one can have a digit. */

import type { Editor, ObjectState } from '@cvat-lab/canvas';
import type { LabelRead } from '@cvat-lab/schema';
import { Eye, EyeOff, Lock, LockOpen } from 'lucide-react';
import { editObjects } from '../edits';
import { grouped } from '../grouped';
import { useCalmTopics, useEditor } from '../hooks';

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0];

export function LabelsPanel() {
  const editor = useEditor();
  useCalmTopics(editor, 'annotations', 'frame', 'settings');
  const byLabel = grouped(editor.scene.states.values(), (state) => state.label_id);
  const { all } = editor.labels;
  const present = all.filter(({ id }) => byLabel.has(id));
  const absent = all.filter(({ id }) => !byLabel.has(id));
  if (all.length === 0) return <p className="cvl-ed-empty">The task has no labels. Add them on its page.</p>;
  const row = (label: LabelRead) => (
    <LabelRow key={label.id} label={label} states={byLabel.get(label.id) ?? []} />
  );
  return (
    <div className="cvl-ed-scroller cvl-ed-labels">
      {present.length > 0 && <h3>On this frame</h3>}
      {present.map(row)}
      {absent.length > 0 && <h3>{present.length > 0 ? 'Others' : 'None on this frame'}</h3>}
      {absent.map(row)}
    </div>
  );
}

function LabelRow({ label, states }: { label: LabelRead; states: readonly ObjectState[] }) {
  const editor = useEditor();
  const isHidden = states.length > 0 && states.every(({ object }) => object.hidden);
  const isLocked = states.length > 0 && states.every(({ object }) => object.locked);
  const set = (title: string, patch: { hidden: boolean } | { locked: boolean }) =>
    editObjects(editor, states, title, () => patch);
  return (
    <div className="cvl-ed-label-row" data-empty={states.length === 0 || undefined}>
      <span className="cvl-ed-swatch" style={{ background: label.color }} />
      <span className="cvl-ed-label-name" title={label.name}>
        {label.name}
      </span>
      <span className="cvl-soft">{states.length || ''}</span>
      <RowButton
        icon={isHidden ? EyeOff : Eye}
        label={`${isHidden ? 'Show' : 'Hide'} ${label.name}`}
        pressed={isHidden}
        disabled={states.length === 0}
        onClick={() => set(isHidden ? 'Show label' : 'Hide label', { hidden: !isHidden })}
      />
      <RowButton
        icon={isLocked ? Lock : LockOpen}
        label={`${isLocked ? 'Unlock' : 'Lock'} ${label.name}`}
        pressed={isLocked}
        disabled={states.length === 0}
        onClick={() => set(isLocked ? 'Unlock label' : 'Lock label', { locked: !isLocked })}
      />
      <DigitSelect label={label} />
    </div>
  );
}

interface RowButtonProps {
  icon: typeof Eye;
  label: string;
  pressed: boolean;
  disabled: boolean;
  onClick: () => void;
}

function RowButton({ icon: Icon, label, pressed, ...rest }: RowButtonProps) {
  return (
    <button
      type="button"
      className="cvl-ed-switch"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      {...rest}
    >
      <Icon size={14} aria-hidden />
    </button>
  );
}

function DigitSelect({ label }: { label: LabelRead }) {
  const editor = useEditor();
  const digit = digitOf(editor, label.id);
  return (
    <select
      className="cvl-input cvl-input-quiet cvl-ed-digit"
      aria-label={`Digit of ${label.name}`}
      title={`Ctrl and this digit give an object the label ${label.name}`}
      value={digit ?? ''}
      onChange={(event) => editor.setLabelOfDigit(Number(event.target.value), label.id)}
    >
      {digit === null && <option value="">–</option>}
      {DIGITS.map((item) => (
        <option key={item}>{item}</option>
      ))}
    </select>
  );
}

/** The digit key that stands for a label; null when there is none. */
export function digitOf(editor: Pick<Editor, 'labelOfDigit'>, labelId: number): number | null {
  return DIGITS.find((digit) => editor.labelOfDigit(digit) === labelId) ?? null;
}
