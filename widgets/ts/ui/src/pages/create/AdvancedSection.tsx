/** What most tasks leave as it is. */

import { NumberField, Select, TextField } from '../../components';
import { type FormErrors, SORTINGS, type TaskForm } from './taskForm';

interface AdvancedSectionProps {
  form: TaskForm;
  errors: FormErrors;
  onChange: (change: Partial<TaskForm>) => void;
}

type NumberKey = {
  [K in keyof TaskForm]: TaskForm[K] extends number | null ? K : never;
}[keyof TaskForm];

const NUMBERS: readonly { key: NumberKey; label: string; hint: string; min: number; empty: string }[] = [
  {
    key: 'imageQuality',
    label: 'Image quality',
    hint: 'Of compressed chunks, 5 to 100',
    min: 5,
    empty: '70',
  },
  {
    key: 'segmentSize',
    label: 'Segment size',
    hint: 'Frames per job; empty = one job',
    min: 0,
    empty: 'Whole task',
  },
  {
    key: 'overlap',
    label: 'Overlap size',
    hint: 'Frames that neighbouring jobs share',
    min: 0,
    empty: 'Auto',
  },
  { key: 'startFrame', label: 'Start frame', hint: 'First frame of the source', min: 0, empty: '0' },
  { key: 'stopFrame', label: 'Stop frame', hint: 'Last frame, included', min: 0, empty: 'Last' },
  { key: 'frameStep', label: 'Frame step', hint: 'Take every n-th frame', min: 1, empty: '1' },
  { key: 'chunkSize', label: 'Chunk size', hint: 'Frames per chunk', min: 1, empty: 'Auto' },
];

export function AdvancedSection({ form, errors, onChange }: AdvancedSectionProps) {
  return (
    <div className="cvl-form-grid">
      <Select
        label="Sorting method"
        value={form.sorting}
        options={SORTINGS}
        hint="Order of the images; a video keeps its own"
        onChange={(sorting) => onChange({ sorting })}
      />
      {NUMBERS.map(({ key, label, hint, min, empty }) => (
        <NumberField
          key={key}
          label={label}
          hint={hint}
          min={min}
          placeholder={empty}
          value={form[key]}
          error={errors[key]}
          onChange={(value) => onChange({ [key]: value })}
        />
      ))}
      <TextField
        className="cvl-span"
        label="Issue tracker"
        value={form.bugTracker}
        placeholder="https://…"
        error={errors.bugTracker}
        onChange={(bugTracker) => onChange({ bugTracker })}
      />
    </div>
  );
}
