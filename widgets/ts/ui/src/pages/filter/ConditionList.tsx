/** The conditions of a filter: field, operator and value in one row each. */

import { Plus, X } from 'lucide-react';
import { Button, IconButton, Select, TextField } from '../../components';
import {
  type Condition,
  type Filter,
  OPERATOR_TEXT,
  operatorsOf,
  startCondition,
  takesValue,
} from './conditions';
import type { FilterField } from './fields';

interface ConditionListProps {
  fields: readonly FilterField[];
  filter: Filter;
  onChange: (filter: Filter) => void;
}

const JOINS = [
  { value: 'and', label: 'all of these' },
  { value: 'or', label: 'any of these' },
] as const;

export function ConditionList({ fields, filter, onChange }: ConditionListProps) {
  const { join, conditions } = filter;
  const set = (next: readonly Condition[]) => onChange({ join, conditions: next });
  return (
    <>
      {conditions.length > 1 && (
        <div className="cvl-row">
          Show what meets
          <Select
            label="How the conditions combine"
            hideLabel
            value={join}
            options={JOINS}
            onChange={(next) => onChange({ join: next, conditions })}
          />
        </div>
      )}
      <ul className="cvl-conditions" aria-label="Conditions">
        {conditions.map((condition, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a condition has no identity but its place
          <li key={i} className="cvl-condition">
            <ConditionRow
              number={i + 1}
              fields={fields}
              condition={condition}
              onChange={(next) => set(conditions.with(i, next))}
              onRemove={() => set(conditions.toSpliced(i, 1))}
            />
          </li>
        ))}
      </ul>
      <div>
        <Button icon={Plus} size="small" onClick={() => set([...conditions, startCondition(fields[0]!)])}>
          Add a condition
        </Button>
      </div>
    </>
  );
}

interface ConditionRowProps {
  number: number;
  fields: readonly FilterField[];
  condition: Condition;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}

function ConditionRow({ number, fields, condition, onChange, onRemove }: ConditionRowProps) {
  const field = fields.find(({ name }) => name === condition.field) ?? fields[0]!;
  const operators = operatorsOf(field.kind).map((value) => ({ value, label: OPERATOR_TEXT[value] }));
  return (
    <>
      <Select
        label={`Field ${number}`}
        hideLabel
        value={field.name}
        options={fields.map(({ name, label }) => ({ value: name, label }))}
        onChange={(name) => onChange(startCondition(fields.find((one) => one.name === name)!))}
      />
      <Select
        label={`Operator ${number}`}
        hideLabel
        value={condition.operator}
        options={operators}
        onChange={(operator) => onChange({ ...condition, operator })}
      />
      <ValueField {...{ number, field, condition, onChange }} />
      <IconButton icon={X} size="small" label={`Remove condition ${number}`} onClick={onRemove} />
    </>
  );
}

type ValueFieldProps = Pick<ConditionRowProps, 'number' | 'condition' | 'onChange'> & { field: FilterField };

const INPUT_TYPES = { text: 'text', number: 'number', date: 'date', choice: 'text' };

function ValueField({ number, field, condition, onChange }: ValueFieldProps) {
  const value = {
    value: condition.value,
    onChange: (text: string) => onChange({ ...condition, value: text }),
  };
  if (!takesValue(condition.operator)) return <span />;
  if (field.options) return <Select label={`Value ${number}`} hideLabel options={field.options} {...value} />;
  return <TextField label={`Value ${number}`} hideLabel type={INPUT_TYPES[field.kind]} {...value} />;
}
