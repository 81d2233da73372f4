/** Fields of a form: a label, a control, a hint and what is wrong with the value. */

import { type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes, useId } from 'react';
import { classes } from './classes';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  required?: boolean;
  /** Keep the label for screen readers only. */
  hideLabel?: boolean;
}

interface ControlProps {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
  'aria-required'?: boolean;
}

interface FieldFrameProps extends FieldProps {
  className?: string;
  children: (control: ControlProps) => ReactNode;
}

/** Frame of a control; hands it the ids that tie it to label, hint and error. */
export function Field({ label, hint, error, required, hideLabel, className, children }: FieldFrameProps) {
  const id = useId();
  const note = `${id}-note`;
  const labelStyle = classes(
    hideLabel ? 'cvl-visually-hidden' : 'cvl-field-label',
    required && 'cvl-field-required',
  );
  return (
    <div className={classes('cvl-field', className)}>
      <label className={labelStyle} htmlFor={id}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': error || hint ? note : undefined,
        'aria-invalid': error ? true : undefined,
        'aria-required': required,
      })}
      {error ? (
        <span id={note} className="cvl-field-error" role="alert">
          {error}
        </span>
      ) : (
        hint && (
          <span id={note} className="cvl-field-hint">
            {hint}
          </span>
        )
      )}
    </div>
  );
}

type InputProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'>;

interface TextFieldProps extends FieldProps, Omit<InputProps, 'required'> {
  value: string;
  onChange: (value: string) => void;
}

export function TextField({
  label,
  hint,
  error,
  required,
  hideLabel,
  className,
  onChange,
  ...rest
}: TextFieldProps) {
  return (
    <Field {...{ label, hint, error, required, hideLabel, className }}>
      {(control) => (
        <input
          className="cvl-input"
          type="text"
          {...control}
          {...rest}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

interface NumberFieldProps extends FieldProps, Omit<InputProps, 'required'> {
  /** null = left empty. */
  value: number | null;
  onChange: (value: number | null) => void;
}

export function NumberField({ value, onChange, ...rest }: NumberFieldProps) {
  return (
    <TextField
      type="number"
      inputMode="numeric"
      {...rest}
      value={value === null ? '' : String(value)}
      onChange={(text) => onChange(text.trim() === '' ? null : Number(text))}
    />
  );
}

interface TextAreaProps
  extends FieldProps,
    Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange' | 'value' | 'required'> {
  value: string;
  onChange: (value: string) => void;
  /** For code: fixed pitch and no spelling marks. */
  code?: boolean;
}

export function TextArea({
  label,
  hint,
  error,
  required,
  hideLabel,
  onChange,
  code,
  className,
  ...rest
}: TextAreaProps) {
  return (
    <Field {...{ label, hint, error, required, hideLabel, className }}>
      {(control) => (
        <textarea
          className={classes('cvl-input', code && 'cvl-mono')}
          spellCheck={!code}
          {...control}
          {...rest}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

export interface Option<T extends string> {
  value: T;
  label: string;
}

interface SelectProps<T extends string> extends FieldProps {
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
  disabled?: boolean;
  className?: string;
  /** Looks like text until the pointer is over it; for values in tables. */
  quiet?: boolean;
}

export function Select<T extends string>({
  value,
  options,
  onChange,
  disabled,
  quiet,
  ...frame
}: SelectProps<T>) {
  return (
    <Field {...frame}>
      {(control) => (
        <select
          className={classes('cvl-input', quiet && 'cvl-input-quiet')}
          {...control}
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value as T)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface CheckboxProps {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  hint?: ReactNode;
  disabled?: boolean;
}

export function Checkbox({ label, checked, onChange, hint, disabled }: CheckboxProps) {
  const id = useId();
  return (
    <div>
      <label className="cvl-checkbox">
        <input
          type="checkbox"
          checked={checked}
          disabled={disabled}
          aria-describedby={hint ? id : undefined}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span>{label}</span>
      </label>
      {hint && (
        <span id={id} className="cvl-field-hint cvl-checkbox-hint">
          {hint}
        </span>
      )}
    </div>
  );
}
