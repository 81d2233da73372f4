/** The table in which a user says which labels of a project take the place of a task's labels. */

import type { LabelRead } from '@cvat-lab/schema';
import { ArrowRight } from 'lucide-react';
import { Checkbox, Select } from '../../components';
import { Swatch } from '../../labels';
import { type MappedLabel, mappingProblem, retarget, targetsOf } from './mapping';

interface LabelMappingProps {
  mapping: readonly MappedLabel[];
  /** The labels of the project. */
  theirs: readonly LabelRead[];
  onChange: (mapping: MappedLabel[]) => void;
}

export function LabelMapping({ mapping, theirs, onChange }: LabelMappingProps) {
  return (
    <ul className="cvl-mapping" aria-label="Labels">
      {mapping.map((entry, i) => (
        <li key={entry.label.id}>
          <MappingRow entry={entry} theirs={theirs} onChange={(next) => onChange(mapping.with(i, next))} />
        </li>
      ))}
    </ul>
  );
}

interface MappingRowProps {
  entry: MappedLabel;
  theirs: readonly LabelRead[];
  onChange: (entry: MappedLabel) => void;
}

const NONE = { value: '', label: 'Choose a label' };

function MappingRow({ entry, theirs, onChange }: MappingRowProps) {
  const { label, target, clear } = entry;
  const options = targetsOf(label, theirs).map(({ name }) => ({ value: name, label: name }));
  const choose = (name: string) =>
    onChange(retarget(entry, theirs.find((candidate) => candidate.name === name) ?? null));
  return (
    <>
      <span className="cvl-mapping-label">
        <Swatch color={label.color} />
        <span className="cvl-ellipsis" title={label.name}>
          {label.name}
        </span>
      </span>
      <ArrowRight size={14} aria-hidden />
      <Select
        label={`Label for ${label.name}`}
        hideLabel
        value={target?.name ?? ''}
        options={target ? options : [NONE, ...options]}
        error={target && mappingProblem(entry)}
        onChange={choose}
      />
      {label.attributes.length > 0 && target ? (
        <Checkbox
          label="Clear attributes"
          checked={clear}
          onChange={(next) => onChange({ ...entry, clear: next })}
        />
      ) : (
        <span />
      )}
    </>
  );
}
