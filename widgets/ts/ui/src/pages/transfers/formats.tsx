/** The formats that a dialog offers. */

import type { FormatInfo } from '@cvat-lab/schema';
import { Field, LoadError, Select } from '../../components';
import { type Loaded, useLoad } from '../../data/useLoad';
import { usePages } from '../context';

/** Formats of one direction for media of one dimension (`2d`, `3d`), by name. */
export function useFormats(direction: 'exporters' | 'importers', dimension: string): Loaded<FormatInfo[]> {
  const { api } = usePages();
  return useLoad(`${direction} ${dimension}`, async () => {
    const formats = (await api.formats())[direction];
    return formats
      .filter((format) => format.enabled && format.dimension.toLowerCase() === dimension.toLowerCase())
      .sort((a, b) => a.name.localeCompare(b.name));
  });
}

interface FormatFieldProps {
  formats: Loaded<FormatInfo[]>;
  value: string;
  onChange: (name: string) => void;
}

export function FormatField({ formats, value, onChange }: FormatFieldProps) {
  if (formats.error) return <LoadError what="the formats" error={formats.error} onRetry={formats.reload} />;
  if (formats.data?.length === 0) {
    return (
      <Field label="Format">
        {() => <span className="cvl-soft">This server has no format for this.</span>}
      </Field>
    );
  }
  const options = (formats.data ?? []).map(({ name }) => ({ value: name, label: name }));
  const none = { value: '', label: formats.data ? 'Choose a format' : 'Loading…' };
  return (
    <Select
      label="Format"
      required
      value={value}
      options={value ? options : [none, ...options]}
      onChange={onChange}
    />
  );
}
