/** A list page: search, quick filters, order, rows or cards, pages. */

import type { ListQuery, Page as PageOf } from '@cvat-lab/client';
import { CircleQuestionMark, ListFilter, type LucideIcon, Plus } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import {
  Button,
  classes,
  EmptyState,
  IconButton,
  LoadError,
  type Option,
  Pager,
  Popup,
  ProgressBar,
  SearchField,
  Select,
} from '../../components';
import { type Loaded, useLoad } from '../../data/useLoad';
import type { Rule } from '../filter/conditions';
import { FilterDialog } from '../filter/FilterDialog';
import type { FilterField } from '../filter/fields';
import { combineFilters, parseSearch, SearchError, type SearchFields } from '../search';

export interface QuickFilter {
  label: string;
  /** JsonLogic. */
  rule: object;
}

interface ListViewProps<T> {
  /** What is listed, in the plural, for example `tasks`. */
  name: string;
  icon: LucideIcon;
  fields: SearchFields;
  sorts: readonly Option<string>[];
  filters: readonly QuickFilter[];
  /** What the filter dialog offers. */
  filterFields: readonly FilterField[];
  pageSize: number;
  load: (query: ListQuery, signal: AbortSignal) => Promise<PageOf<T>>;
  layout: 'rows' | 'cards';
  render: (item: T) => ReactNode;
  /** Text of the button that makes a new one, and what it does. */
  create?: { label: string; onCreate: () => void };
  /** Further buttons. */
  actions?: ReactNode;
  /** Shown when there is nothing at all. */
  hint: string;
}

export function ListView<T extends { id: number }>(props: ListViewProps<T>) {
  const { name, fields, sorts, filters, filterFields, pageSize, load, layout, render, create, actions } =
    props;
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState(sorts[0]!.value);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [custom, setCustom] = useState<Rule | undefined>(undefined);
  const [page, setPage] = useState(1);
  const wanted = readSearch(search, fields);
  const rules = filters.filter(({ label }) => chosen.includes(label)).map(({ rule }) => rule);
  const query: ListQuery = {
    search: wanted.query.search,
    filter: combineFilters(wanted.query.filter, custom, ...rules),
    sort,
    page,
    page_size: pageSize,
  };
  const list = useLoad(JSON.stringify(query), (signal) => load(query, signal));
  const first =
    <A,>(set: (value: A) => void) =>
    (value: A) => {
      set(value);
      setPage(1);
    };
  const toggle = (label: string) =>
    first(setChosen)(chosen.includes(label) ? chosen.filter((other) => other !== label) : [...chosen, label]);
  return (
    <>
      <div className="cvl-toolbar">
        <SearchField
          label={`Search ${name}`}
          value={search}
          onSearch={first(setSearch)}
          placeholder={`Search ${name}`}
          error={wanted.problem}
        />
        <SearchHelp fields={fields} />
        <FilterButton name={name} fields={filterFields} rule={custom} onApply={first(setCustom)} />
        <Select label="Order" hideLabel value={sort} options={sorts} onChange={first(setSort)} />
        {(create || actions) && (
          <div className="cvl-row cvl-toolbar-end">
            {actions}
            {create && (
              <Button kind="primary" icon={Plus} onClick={create.onCreate} title={create.label}>
                <span className="cvl-wide-only">{create.label}</span>
              </Button>
            )}
          </div>
        )}
      </div>
      {filters.length > 0 && (
        <div className="cvl-quick">
          {filters.map(({ label }) => (
            <button
              key={label}
              type="button"
              className="cvl-chip"
              aria-pressed={chosen.includes(label)}
              onClick={() => toggle(label)}
            >
              {label}
            </button>
          ))}
        </div>
      )}
      <Items
        {...{ list, layout, render }}
        {...props}
        narrowed={search !== '' || custom !== undefined || rules.length > 0}
      />
      {list.data && <Pager page={page} pageSize={pageSize} count={list.data.count} onChange={setPage} />}
    </>
  );
}

interface ItemsProps<T>
  extends Pick<ListViewProps<T>, 'name' | 'icon' | 'layout' | 'render' | 'create' | 'hint'> {
  list: Loaded<PageOf<T>>;
  /** A search or filter leaves something out. */
  narrowed: boolean;
}

function Items<T extends { id: number }>(props: ItemsProps<T>) {
  const { list, name, icon, layout, render, create, hint, narrowed } = props;
  if (list.error) return <LoadError what={`the ${name}`} error={list.error} onRetry={list.reload} />;
  if (!list.data) return <ProgressBar value={null} label={`Loading the ${name}`} />;
  if (list.data.results.length === 0) {
    return (
      <EmptyState icon={icon} title={narrowed ? `No ${name} match` : `No ${name} yet`}>
        <span className="cvl-soft">{narrowed ? 'Change the search or the filters.' : hint}</span>
        {!narrowed && create && (
          <Button icon={Plus} onClick={create.onCreate}>
            {create.label}
          </Button>
        )}
      </EmptyState>
    );
  }
  return (
    <ul
      className={classes(`cvl-${layout}`, list.loading && 'cvl-stale')}
      aria-label={name}
      aria-busy={list.loading}
    >
      {list.data.results.map((item) => (
        <li key={item.id}>{render(item)}</li>
      ))}
    </ul>
  );
}

interface FilterButtonProps {
  name: string;
  fields: readonly FilterField[];
  rule: Rule | undefined;
  onApply: (rule: Rule | undefined) => void;
}

function FilterButton({ name, fields, rule, onApply }: FilterButtonProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        icon={ListFilter}
        title={`Filter ${name}`}
        aria-pressed={rule !== undefined}
        onClick={() => setOpen(true)}
      >
        <span className="cvl-wide-only">Filter</span>
      </Button>
      {open && <FilterDialog {...{ name, fields, rule, onApply }} onClose={() => setOpen(false)} />}
    </>
  );
}

function SearchHelp({ fields }: { fields: SearchFields }) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        ref={anchor}
        icon={CircleQuestionMark}
        label="How to search"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Popup anchor={anchor} onClose={() => setOpen(false)} className="cvl-help">
          <p>Plain text searches everywhere. To be exact, name the field:</p>
          <ul>
            {Object.keys(fields).map((field) => (
              <li key={field}>
                <code>{field}: …</code>
              </li>
            ))}
            <li>
              <code>id: 5</code>
            </li>
          </ul>
          <p>
            Combine terms with <code>AND</code>. Capitals do not matter.
          </p>
        </Popup>
      )}
    </>
  );
}

function readSearch(text: string, fields: SearchFields): { query: ListQuery; problem: string | null } {
  try {
    return { query: parseSearch(text, fields), problem: null };
  } catch (error) {
    if (error instanceof SearchError) return { query: {}, problem: error.message };
    throw error;
  }
}
