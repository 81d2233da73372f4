/** A field whose text counts when it is left or Enter is pressed. Esc drops it. */

import { type InputHTMLAttributes, useState } from 'react';

interface DraftFieldProps
  extends Pick<InputHTMLAttributes<HTMLInputElement>, 'id' | 'type' | 'disabled' | 'min' | 'max' | 'step'> {
  value: string;
  onSave: (value: string) => void;
  /** Why a text is not accepted; null = it is. */
  check?: (text: string) => string | null;
}

export function DraftField({ value, onSave, check, ...rest }: DraftFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const problem = draft === null ? null : (check?.(draft) ?? null);
  const leave = () => {
    setDraft(null);
    if (draft !== null && draft !== value && !problem) onSave(draft);
  };
  return (
    <input
      {...rest}
      className="cvl-input"
      value={draft ?? value}
      aria-invalid={problem ? true : undefined}
      title={problem ?? undefined}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setDraft(null);
      }}
    />
  );
}
