/** A search field: the search runs shortly after the last key, or at once with Enter. */

import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { IconButton } from './Button';

const DELAY_MS = 300;

interface SearchFieldProps {
  label: string;
  value: string;
  onSearch: (text: string) => void;
  placeholder?: string;
  /** Why the text cannot be searched for. */
  error?: string | null;
}

export function SearchField({ label, value, onSearch, placeholder = 'Search', error }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const latest = useRef(onSearch);
  latest.current = onSearch;
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => latest.current(text), DELAY_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  const searchNow = (wanted: string) => {
    setText(wanted);
    onSearch(wanted);
  };
  return (
    <search className="cvl-search">
      <div className="cvl-with-icon">
        <Search size={14} aria-hidden />
        <input
          className="cvl-input"
          type="text"
          aria-label={label}
          aria-invalid={error ? true : undefined}
          placeholder={placeholder}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') searchNow(text);
            if (event.key === 'Escape' && text) searchNow('');
          }}
        />
        {text && <IconButton icon={X} label="Clear the search" size="small" onClick={() => searchNow('')} />}
      </div>
      {error && (
        <span className="cvl-field-error" role="alert">
          {error}
        </span>
      )}
    </search>
  );
}
