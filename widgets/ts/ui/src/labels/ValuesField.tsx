/** The choices of a select or radio attribute: type one, press Enter. */

import { X } from 'lucide-react';
import { useState } from 'react';
import { Field } from '../components';
import { UNDEFINED_VALUE } from './draft';

interface ValuesFieldProps {
  values: string[];
  onChange: (values: string[]) => void;
  error?: string | null;
}

export function ValuesField({ values, onChange, error }: ValuesFieldProps) {
  const [text, setText] = useState('');
  const add = (typed: string) => {
    const fresh = splitValues(typed).filter((value) => !values.includes(value));
    setText('');
    if (fresh.length) onChange([...values, ...fresh]);
  };
  return (
    <Field label="Values" error={error} className="cvl-grow">
      {(control) => (
        <div className="cvl-values">
          {values.map((value) => (
            <span key={value} className="cvl-chip">
              {showValue(value)}
              <button
                type="button"
                className="cvl-chip-remove"
                aria-label={`Remove value ${value}`}
                onClick={() => onChange(values.filter((other) => other !== value))}
              >
                <X size={12} aria-hidden />
              </button>
            </span>
          ))}
          <input
            {...control}
            className="cvl-values-input"
            placeholder={values.length ? '' : 'Type a value, press Enter'}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onBlur={() => add(text)}
            onPaste={(event) => {
              const pasted = event.clipboardData.getData('text');
              if (!pasted.includes('\n')) return;
              event.preventDefault();
              add(`${text}${pasted}`);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' || event.key === ',') {
                // Enter must not submit the form around this field.
                event.preventDefault();
                add(text);
              }
              if (event.key === 'Backspace' && text === '') onChange(values.slice(0, -1));
            }}
          />
        </div>
      )}
    </Field>
  );
}

/** How a value is shown: CVAT's mark for “no choice” in words. */
export function showValue(value: string): string {
  return value === UNDEFINED_VALUE ? '(empty choice)' : value;
}

function splitValues(text: string): string[] {
  const values = text.split(/[\n,]/).map((value) => value.trim());
  return [...new Set(values)].filter(Boolean);
}
