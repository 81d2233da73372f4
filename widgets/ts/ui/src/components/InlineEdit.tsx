/** Text that turns into a field when it is clicked. Enter keeps the change, Esc drops it. */

import { Pencil } from 'lucide-react';
import { useRef, useState } from 'react';

interface InlineEditProps {
  /** What the text is, for example `Project name`. */
  label: string;
  value: string;
  placeholder?: string;
  maxLength?: number;
  /** An empty text counts as no change. */
  required?: boolean;
  onSave: (value: string) => void;
}

export function InlineEdit({ label, value, placeholder, maxLength, required, onSave }: InlineEditProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const dropped = useRef(false);
  if (draft === null) {
    return (
      <button
        type="button"
        className="cvl-inline-edit"
        title={`${label}: click to change`}
        onClick={() => setDraft(value)}
      >
        <span className={value ? undefined : 'cvl-soft'}>{value || placeholder}</span>
        <Pencil size={13} aria-hidden />
        <span className="cvl-visually-hidden">Change {label.toLowerCase()}</span>
      </button>
    );
  }
  const keep = () => {
    const text = draft.trim();
    setDraft(null);
    if (!dropped.current && text !== value && (text || !required)) onSave(text);
    dropped.current = false;
  };
  return (
    <input
      ref={(input) => {
        if (input && document.activeElement !== input) input.focus();
      }}
      className="cvl-input cvl-inline-input"
      aria-label={label}
      value={draft}
      placeholder={placeholder}
      maxLength={maxLength}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.stopPropagation();
        event.preventDefault();
        dropped.current = event.key === 'Escape';
        event.currentTarget.blur();
      }}
    />
  );
}
