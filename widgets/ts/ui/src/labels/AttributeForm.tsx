/** One attribute of a label in the constructor. */

import { Trash2 } from 'lucide-react';
import { Checkbox, IconButton, Select, TextField } from '../components';
import { type AttributeDraft, INPUT_TYPES } from './draft';
import type { Problem } from './rules';
import { showValue, ValuesField } from './ValuesField';

interface AttributeFormProps {
  attribute: AttributeDraft;
  /** Broken rules, with paths relative to the attribute. */
  problems: Problem[];
  onChange: (attribute: AttributeDraft) => void;
  onRemove: () => void;
}

export function AttributeForm({ attribute, problems, onChange, onRemove }: AttributeFormProps) {
  const set = (change: Partial<AttributeDraft>) => onChange({ ...attribute, ...change });
  const errorOf = (field: string) => problems.find(({ path }) => path[0] === field)?.message;
  return (
    <fieldset
      className="cvl-attribute"
      aria-label={attribute.name ? `Attribute ${attribute.name}` : 'New attribute'}
    >
      <TextField
        label="Attribute"
        value={attribute.name}
        placeholder="Name"
        error={errorOf('name')}
        onChange={(name) => set({ name })}
      />
      <Select
        label="Input"
        value={attribute.input_type}
        options={INPUT_TYPES}
        // The values that objects have already would lose their meaning.
        disabled={attribute.id !== undefined}
        onChange={(input_type) => set({ input_type, ...initialValues(input_type) })}
      />
      <ValuesControl {...{ attribute, set, errorOf }} />
      <DefaultControl {...{ attribute, set, errorOf }} />
      <div className="cvl-attribute-end">
        <span title="The value may change from frame to frame of a track">
          <Checkbox label="Mutable" checked={attribute.mutable} onChange={(mutable) => set({ mutable })} />
        </span>
        <IconButton icon={Trash2} label={`Remove attribute ${attribute.name}`} onClick={onRemove} />
      </div>
    </fieldset>
  );
}

interface PartProps {
  attribute: AttributeDraft;
  set: (change: Partial<AttributeDraft>) => void;
  errorOf: (field: string) => string | undefined;
}

function ValuesControl({ attribute, set, errorOf }: PartProps) {
  const { input_type, values, default_value } = attribute;
  if (input_type === 'number') {
    return (
      <TextField
        className="cvl-grow"
        label="Range"
        placeholder="min;max;step"
        value={values.join(';')}
        error={errorOf('values')}
        onChange={(text) => set({ values: text === '' ? [] : text.split(';').map((part) => part.trim()) })}
      />
    );
  }
  if (input_type !== 'select' && input_type !== 'radio') return null;
  return (
    <ValuesField
      values={values}
      error={errorOf('values')}
      onChange={(next) =>
        set({ values: next, default_value: next.includes(default_value) ? default_value : '' })
      }
    />
  );
}

function DefaultControl({ attribute, set, errorOf }: PartProps) {
  const { input_type, values, default_value } = attribute;
  const frame = { label: 'Default', error: errorOf('default_value') };
  if (input_type === 'text' || input_type === 'number') {
    return <TextField {...frame} value={default_value} onChange={(text) => set({ default_value: text })} />;
  }
  const choices = input_type === 'checkbox' ? ['false', 'true'] : values;
  const options = choices.map((value) => ({ value, label: showValue(value) }));
  const first = { value: '', label: choices[0] === undefined ? '' : `First: ${showValue(choices[0])}` };
  return (
    <Select
      {...frame}
      value={default_value}
      options={input_type === 'checkbox' ? options : [first, ...options]}
      onChange={(value) => set({ default_value: value })}
    />
  );
}

function initialValues(
  input: AttributeDraft['input_type'],
): Pick<AttributeDraft, 'values' | 'default_value'> {
  switch (input) {
    case 'checkbox':
      return { values: ['false', 'true'], default_value: 'false' };
    case 'number':
      return { values: ['0', '100', '1'], default_value: '0' };
    default:
      return { values: [], default_value: '' };
  }
}
