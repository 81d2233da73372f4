/** Filters a list: conditions on its fields, or JsonLogic as text. */

import { Braces, ListFilter } from 'lucide-react';
import { useState } from 'react';
import { Button, Dialog, Notice, Tabs, TextArea } from '../../components';
import { ConditionList } from './ConditionList';
import {
  EMPTY_FILTER,
  type Filter,
  FilterError,
  parseRule,
  type Rule,
  readFilter,
  startCondition,
  writeFilter,
} from './conditions';
import type { FilterField } from './fields';

interface FilterDialogProps {
  /** What is listed, in the plural. */
  name: string;
  fields: readonly FilterField[];
  /** The filter that the list has now. */
  rule: Rule | undefined;
  onApply: (rule: Rule | undefined) => void;
  onClose: () => void;
}

const MODES = [
  { value: 'builder', label: 'Builder', icon: ListFilter },
  { value: 'raw', label: 'JsonLogic', icon: Braces },
] as const;

type Mode = (typeof MODES)[number]['value'];

export function FilterDialog({ name, fields, rule, onApply, onClose }: FilterDialogProps) {
  const known = readFilter(rule, fields);
  const [mode, setMode] = useState<Mode>(known ? 'builder' : 'raw');
  const [filter, setFilter] = useState<Filter>(
    known?.conditions.length ? known : { join: 'and', conditions: [startCondition(fields[0]!)] },
  );
  const [text, setText] = useState(() => format(rule));
  const [problem, setProblem] = useState<string | null>(null);
  const [unreadable, setUnreadable] = useState(!known);

  /** The filter of the mode on show. */
  const current = () => (mode === 'builder' ? writeFilter(filter, fields) : parseRule(text));
  /** Do something with the current filter, or say why it is none. */
  const withCurrent = (act: (rule: Rule | undefined) => void) => {
    try {
      act(current());
      setProblem(null);
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      setProblem(error.message);
    }
  };
  const switchTo = (next: Mode) =>
    withCurrent((found) => {
      if (next === 'raw') setText(format(found));
      const read = readFilter(found, fields);
      setUnreadable(read === null);
      if (next === 'builder') setFilter(read ?? EMPTY_FILTER);
      if (next === 'raw' || read) setMode(next);
    });
  const apply = () =>
    withCurrent((found) => {
      onApply(found);
      onClose();
    });

  return (
    <Dialog
      title={`Filter ${name}`}
      onClose={onClose}
      onSubmit={apply}
      foot={
        <>
          <Button
            onClick={() => {
              onApply(undefined);
              onClose();
            }}
          >
            Clear
          </Button>
          <Button type="submit" kind="primary">
            Apply
          </Button>
        </>
      }
    >
      <Tabs label="Form of the filter" tabs={MODES} value={mode} onChange={switchTo}>
        <div className="cvl-filter">
          {mode === 'builder' ? (
            <ConditionList fields={fields} filter={filter} onChange={setFilter} />
          ) : (
            <>
              <TextArea
                label="Filter as JsonLogic"
                hideLabel
                code
                rows={9}
                value={text}
                error={problem}
                placeholder='{"and": [{"==": [{"var": "assignee"}, "ann"]}, {"<": [{"var": "id"}, 100]}]}'
                onChange={setText}
              />
              <span className="cvl-soft">Fields: {fields.map((field) => field.name).join(', ')}</span>
              {unreadable && <Notice tone="progress">The builder cannot show this filter.</Notice>}
            </>
          )}
        </div>
      </Tabs>
    </Dialog>
  );
}

function format(rule: Rule | undefined): string {
  return rule ? JSON.stringify(rule, null, 2) : '';
}
