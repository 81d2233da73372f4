/** A field that proposes what matches the typed text: users, projects, subsets. */

import { X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { IconButton } from './Button';
import { classes } from './classes';
import { describeError, isCancelled } from './errors';
import { Popup } from './Popup';

interface TypeAheadProps<T> {
  /** Accessible name. */
  label: string;
  value: T | null;
  /** Find proposals; an empty text asks for the first ones. */
  search: (text: string, signal: AbortSignal) => Promise<T[]>;
  /** The text of an item, unique among the proposals. */
  text: (item: T) => string;
  /** How a proposal is drawn; default: its text. */
  render?: (item: T) => ReactNode;
  /** Called with null when the field is cleared. */
  onChange: (item: T | null) => void;
  /** Makes an item of any text, for fields that accept more than the proposals. */
  make?: (text: string) => T;
  placeholder?: string;
  disabled?: boolean;
  quiet?: boolean;
  id?: string;
}

export function TypeAhead<T>(props: TypeAheadProps<T>) {
  const { label, value, text, onChange, make, placeholder, disabled, quiet, id } = props;
  const box = useRef<HTMLDivElement>(null);
  const list = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const [active, setActive] = useState(-1);
  const proposals = useProposals(draft, value, props);
  const shown = value === null ? '' : text(value);

  const close = () => {
    setDraft(null);
    setActive(-1);
  };
  const choose = (item: T | null) => {
    close();
    if (item === null ? value !== null : value === null || text(item) !== shown) onChange(item);
  };
  const leave = () => {
    const typed = draft?.trim();
    if (typed === undefined || typed === shown) close();
    else if (typed === '') choose(null);
    else if (make) choose(make(typed));
    else close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const items = proposals.items;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (draft === null) setDraft(shown);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive(items.length ? (active + step + items.length) % items.length : -1);
    } else if (event.key === 'Enter' && draft !== null) {
      event.preventDefault();
      const only = items.length === 1 && draft.trim() && !make ? items[0] : undefined;
      const wanted = items[active] ?? only;
      if (wanted !== undefined) choose(wanted);
      else leave();
    }
  };

  return (
    <div ref={box} className="cvl-with-icon cvl-typeahead">
      <input
        id={id}
        className={classes('cvl-input', quiet && 'cvl-input-quiet')}
        role="combobox"
        aria-label={id ? undefined : label}
        aria-expanded={draft !== null}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? `${list}-${active}` : undefined}
        autoComplete="off"
        value={draft ?? shown}
        placeholder={placeholder}
        disabled={disabled}
        onFocus={(event) => event.target.select()}
        onClick={() => draft === null && setDraft(shown)}
        onChange={(event) => {
          setDraft(event.target.value);
          setActive(-1);
        }}
        onBlur={leave}
        onKeyDown={onKeyDown}
      />
      {value !== null && !disabled && (
        <IconButton
          icon={X}
          label={`Clear ${label.toLowerCase()}`}
          size="small"
          onClick={() => choose(null)}
        />
      )}
      {draft !== null && (
        <Popup anchor={box} matchWidth onClose={(reason) => (reason === 'escape' ? close() : leave())}>
          <div id={list} role="listbox" aria-label={label}>
            <Proposals {...{ ...props, ...proposals, list, active }} onChoose={choose} />
          </div>
        </Popup>
      )}
    </div>
  );
}

interface Found<T> {
  items: T[];
  searching: boolean;
  problem: string | null;
}

const DELAY_MS = 150;

/** Search while the field is open; an unchanged text asks for everything, not for itself. */
function useProposals<T>(draft: string | null, value: T | null, props: TypeAheadProps<T>): Found<T> {
  const [found, setFound] = useState<Found<T>>({ items: [], searching: false, problem: null });
  const latest = useRef(props);
  latest.current = props;
  const unchanged = value !== null && draft === props.text(value);
  const wanted = draft === null ? null : unchanged ? '' : draft.trim();
  useEffect(() => {
    if (wanted === null) return;
    const abort = new AbortController();
    setFound((before) => ({ ...before, searching: true }));
    const timer = setTimeout(
      async () => {
        try {
          const items = await latest.current.search(wanted, abort.signal);
          if (!abort.signal.aborted) setFound({ items, searching: false, problem: null });
        } catch (error) {
          if (isCancelled(error) || abort.signal.aborted) return;
          setFound({ items: [], searching: false, problem: describeError(error) });
        }
      },
      wanted ? DELAY_MS : 0,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [wanted]);
  return found;
}

interface ProposalsProps<T> extends Found<T>, Pick<TypeAheadProps<T>, 'text' | 'render' | 'make'> {
  list: string;
  active: number;
  onChoose: (item: T) => void;
}

function Proposals<T>({
  items,
  searching,
  problem,
  text,
  render,
  make,
  list,
  active,
  onChoose,
}: ProposalsProps<T>) {
  if (problem) return <div className="cvl-popup-note cvl-field-error">{problem}</div>;
  if (items.length === 0) {
    const nothing = make ? 'Enter accepts what you typed' : 'Nothing found';
    return <div className="cvl-popup-note">{searching ? 'Searching…' : nothing}</div>;
  }
  return items.map((item, i) => (
    <button
      key={text(item)}
      id={`${list}-${i}`}
      type="button"
      role="option"
      className="cvl-option"
      aria-selected={i === active}
      tabIndex={-1}
      // The field must keep the focus, or leaving it would close the list before the click.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => onChoose(item)}
    >
      {render ? render(item) : text(item)}
    </button>
  ));
}
