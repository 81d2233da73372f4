/** One label in the constructor: name, shape type, colour and attributes. */

import { ListPlus } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { Button, Notice, Select, TextField } from '../components';
import { AttributeForm } from './AttributeForm';
import { ColorField } from './ColorField';
import { LABEL_TYPES, type LabelDraft, newAttribute } from './draft';
import type { Problem } from './rules';

interface LabelFormProps {
  label: LabelDraft;
  /** The rules that the label breaks among the others; paths start at the label. */
  check: (label: LabelDraft) => Problem[];
  busy: boolean;
  /** `more`: go on with a new label. */
  onDone: (label: LabelDraft, more: boolean) => void;
  onCancel: () => void;
}

export function LabelForm({ label, check, busy, onDone, onCancel }: LabelFormProps) {
  const [draft, setDraft] = useState(label);
  const [checked, setChecked] = useState(false);
  const problems = checked ? check(draft) : [];
  const isNew = label.id === undefined && label.name === '';
  const set = (change: Partial<LabelDraft>) => setDraft({ ...draft, ...change });
  const submit = (more: boolean) => {
    const trimmed = { ...draft, name: draft.name.trim() };
    setDraft(trimmed);
    setChecked(true);
    if (check(trimmed).length === 0) onDone(trimmed, more);
  };
  // No <form>: the editor may stand inside one, and forms do not nest.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement && !event.defaultPrevented) {
      event.preventDefault();
      submit(isNew);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      onCancel();
    }
  };
  return (
    <fieldset
      className="cvl-label-form"
      aria-label={isNew ? 'New label' : `Label ${label.name}`}
      onKeyDown={onKeyDown}
    >
      <LabelHead draft={draft} stored={label.id !== undefined} problems={problems} onChange={set} />
      {draft.type === 'skeleton' && (
        <Notice tone="progress">The points and the drawing of a skeleton are changed in the raw form.</Notice>
      )}
      <Attributes draft={draft} problems={problems} onChange={set} />
      <div className="cvl-row">
        <Button kind="primary" busy={busy} onClick={() => submit(false)}>
          Done
        </Button>
        {isNew && (
          <Button
            disabled={busy}
            onClick={() => submit(true)}
            title="Add this label and go on with another one (Enter)"
          >
            Continue
          </Button>
        )}
        <Button kind="ghost" disabled={busy} onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </fieldset>
  );
}

interface PartProps {
  draft: LabelDraft;
  problems: Problem[];
  onChange: (change: Partial<LabelDraft>) => void;
}

function LabelHead({ draft, stored, problems, onChange }: PartProps & { stored: boolean }) {
  const errorOf = (field: string) => problems.find(({ path }) => path[0] === field)?.message;
  // A skeleton keeps its type, and nothing else becomes one: its points would be missing.
  const types = LABEL_TYPES.filter(({ value }) => (value === 'skeleton') === (draft.type === 'skeleton'));
  return (
    <div className="cvl-label-head">
      <TextField
        label="Label name"
        className="cvl-grow"
        value={draft.name}
        placeholder="For example car"
        required
        autoFocus={!stored}
        error={errorOf('name')}
        onChange={(name) => onChange({ name })}
      />
      <Select label="Shape" value={draft.type} options={types} onChange={(type) => onChange({ type })} />
      <div className="cvl-field">
        <span className="cvl-field-label">Colour</span>
        <ColorField value={draft.color} onChange={(color) => onChange({ color })} />
        {errorOf('color') && <span className="cvl-field-error">{errorOf('color')}</span>}
      </div>
    </div>
  );
}

function Attributes({ draft, problems, onChange }: PartProps) {
  const { attributes } = draft;
  const problemsOf = (i: number) =>
    problems
      .filter(({ path }) => path[0] === 'attributes' && path[1] === i)
      .map(({ path, message }) => ({ path: path.slice(2), message }));
  return (
    <>
      {attributes.map((attribute, i) => (
        <AttributeForm
          // biome-ignore lint/suspicious/noArrayIndexKey: new attributes have nothing else that stays the same
          key={i}
          attribute={attribute}
          problems={problemsOf(i)}
          onChange={(next) =>
            onChange({ attributes: attributes.map((other, j) => (j === i ? next : other)) })
          }
          onRemove={() => onChange({ attributes: attributes.filter((_, j) => j !== i) })}
        />
      ))}
      <div>
        <Button
          size="small"
          icon={ListPlus}
          onClick={() => onChange({ attributes: [...attributes, newAttribute()] })}
        >
          Add an attribute
        </Button>
      </div>
    </>
  );
}
