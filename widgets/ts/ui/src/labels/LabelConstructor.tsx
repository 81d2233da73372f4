/** The constructor: labels as chips, and a form for the one that is added or changed. */

import { Pencil, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../components';
import { Swatch } from './ColorField';
import { LABEL_TYPES, type LabelDraft, newLabel } from './draft';
import { LabelForm } from './LabelForm';
import { checkLabels, type Problem } from './rules';

interface LabelConstructorProps {
  labels: LabelDraft[];
  busy: boolean;
  /** Resolves with whether the change was accepted; the form stays open when it was not. */
  onChange: (labels: LabelDraft[]) => Promise<boolean>;
  onRemove: (label: LabelDraft) => void;
}

export function LabelConstructor({ labels, busy, onChange, onRemove }: LabelConstructorProps) {
  /** Index of the label in the form; `labels.length` = a new one. */
  const [open, setOpen] = useState<number | null>(null);
  const [round, setRound] = useState(0);
  const check = (label: LabelDraft, at: number): Problem[] =>
    checkLabels(replaceAt(labels, at, label))
      .filter(({ path }) => path[0] === at)
      .map(({ path, message }) => ({ path: path.slice(1), message }));
  const keep = async (label: LabelDraft, at: number, more: boolean) => {
    if (!(await onChange(replaceAt(labels, at, label)))) return;
    setOpen(more ? at + 1 : null);
    setRound(round + 1);
  };
  return (
    <div className="cvl-constructor">
      <div className="cvl-label-chips">
        <Button
          icon={Plus}
          size="small"
          aria-expanded={open === labels.length}
          onClick={() => setOpen(labels.length)}
        >
          Add label
        </Button>
        {labels.map((label, i) => (
          <LabelChip
            key={label.id ?? label.name}
            label={label}
            onEdit={() => {
              setOpen(i);
              setRound(round + 1);
            }}
            onRemove={() => {
              setOpen(null);
              onRemove(label);
            }}
          />
        ))}
      </div>
      {open !== null && (
        <LabelForm
          key={round}
          label={labels[open] ?? newLabel()}
          check={(label) => check(label, open)}
          busy={busy}
          onDone={(label, more) => keep(label, open, more)}
          onCancel={() => setOpen(null)}
        />
      )}
    </div>
  );
}

interface LabelChipProps {
  label: LabelDraft;
  onEdit: () => void;
  onRemove: () => void;
}

function LabelChip({ label, onEdit, onRemove }: LabelChipProps) {
  const { name, color, type, attributes } = label;
  const kind = LABEL_TYPES.find(({ value }) => value === type)?.label ?? type;
  const details = attributes.length
    ? `${kind}; attributes: ${attributes.map((a) => a.name).join(', ')}`
    : kind;
  return (
    <span className="cvl-label-chip" title={details}>
      <button
        type="button"
        className="cvl-label-chip-name"
        aria-label={`Edit label ${name}`}
        onClick={onEdit}
      >
        <Swatch color={color} />
        <span>{name}</span>
        {attributes.length > 0 && <sup>{attributes.length}</sup>}
        <Pencil size={12} aria-hidden />
      </button>
      <button
        type="button"
        className="cvl-chip-remove"
        aria-label={`Delete label ${name}`}
        onClick={onRemove}
      >
        <X size={13} aria-hidden />
      </button>
    </span>
  );
}

function replaceAt(labels: LabelDraft[], at: number, label: LabelDraft): LabelDraft[] {
  return at < labels.length ? labels.map((other, i) => (i === at ? label : other)) : [...labels, label];
}
