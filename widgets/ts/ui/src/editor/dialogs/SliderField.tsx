import { useId } from 'react';

interface SliderFieldProps {
  label: string;
  unit: string;
  range: readonly [number, number];
  value: number;
  onChange: (value: number) => void;
}

/** A number to be found by trying. */
export function SliderField({ label, unit, range: [min, max], value, onChange }: SliderFieldProps) {
  const id = useId();
  return (
    <div className="cvl-ed-line">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        value={value}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <output htmlFor={id}>
        {value} {unit}
      </output>
    </div>
  );
}
