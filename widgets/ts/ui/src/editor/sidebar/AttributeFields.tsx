/** Editors for the attributes of an object, one for each type of input. */

import type { ObjectState } from '@cvat-lab/canvas';
import type { AttributeRead } from '@cvat-lab/schema';
import { useId } from 'react';
import { editObject } from '../edits';
import { useEditor } from '../hooks';
import { DraftField } from './DraftField';
import { checkNumber, numberRange } from './numbers';

export function AttributeFields({ state }: { state: ObjectState }) {
  const editor = useEditor();
  const disabled = state.object.locked || editor.isReadonly;
  const specs = editor.labels.find(state.label_id)?.attributes ?? [];
  return (
    <div className="cvl-ed-attributes">
      {specs.map((spec) => (
        <AttributeField
          key={spec.id}
          spec={spec}
          value={state.attributes.find(({ spec_id }) => spec_id === spec.id)?.value ?? spec.default_value}
          disabled={disabled}
          onChange={(value) =>
            editObject(editor, state, `Change ${spec.name}`, { attributes: [{ spec_id: spec.id, value }] })
          }
        />
      ))}
    </div>
  );
}

interface AttributeFieldProps {
  spec: AttributeRead;
  value: string;
  disabled: boolean;
  onChange: (value: string) => void;
}

export function AttributeField(props: AttributeFieldProps) {
  const { spec } = props;
  const id = useId();
  const hint = spec.mutable ? 'May change from frame to frame' : 'The same on all frames';
  if (spec.input_type === 'checkbox') {
    return (
      <label className="cvl-ed-attribute" title={hint}>
        <span>{spec.name}</span>
        <input
          type="checkbox"
          checked={props.value === 'true'}
          disabled={props.disabled}
          onChange={(event) => props.onChange(String(event.target.checked))}
        />
      </label>
    );
  }
  if (spec.input_type === 'radio') return <RadioField {...props} hint={hint} />;
  return (
    <div className="cvl-ed-attribute" title={hint}>
      <label htmlFor={id}>{spec.name}</label>
      <ValueField {...props} id={id} />
    </div>
  );
}

function ValueField({ spec, value, disabled, onChange, id }: AttributeFieldProps & { id: string }) {
  if (spec.input_type === 'select') {
    // A value that was allowed once is shown as it is.
    const values = spec.values.includes(value) ? spec.values : [value, ...spec.values];
    return (
      <select
        id={id}
        className="cvl-input"
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
      >
        {values.map((item) => (
          <option key={item}>{item}</option>
        ))}
      </select>
    );
  }
  if (spec.input_type === 'number') {
    const range = numberRange(spec.values);
    return (
      <DraftField
        id={id}
        type="number"
        value={value}
        disabled={disabled}
        onSave={onChange}
        check={(text) => checkNumber(text, range)}
        {...range}
      />
    );
  }
  return <DraftField id={id} type="text" value={value} disabled={disabled} onSave={onChange} />;
}

function RadioField({ spec, value, disabled, onChange, hint }: AttributeFieldProps & { hint: string }) {
  const name = useId();
  return (
    <fieldset className="cvl-ed-attribute" title={hint} disabled={disabled}>
      <legend>{spec.name}</legend>
      <div className="cvl-ed-radios">
        {spec.values.map((item) => (
          <label key={item} className="cvl-checkbox">
            <input type="radio" name={name} checked={item === value} onChange={() => onChange(item)} />
            <span>{item}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
