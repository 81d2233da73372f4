/** A label's colour: from a palette, free, or chosen by the server from the name. */

import { useRef, useState } from 'react';
import { Button, classes, Popup, TextField } from '../components';

/** Colours that differ well from each other and from most photographs. */
const PALETTE = [
  '#e6194b',
  '#f58231',
  '#ffe119',
  '#bfef45',
  '#3cb44b',
  '#42d4f4',
  '#4363d8',
  '#911eb4',
  '#f032e6',
  '#fabed4',
  '#ffd8b1',
  '#aaffc3',
  '#469990',
  '#808000',
  '#9a6324',
  '#800000',
];

interface ColorFieldProps {
  /** `#rrggbb`; empty = automatic. */
  value: string;
  onChange: (color: string) => void;
}

export function ColorField({ value, onChange }: ColorFieldProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button ref={anchor} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Swatch color={value} />
        {value || 'Auto colour'}
      </Button>
      {open && (
        <Popup anchor={anchor} onClose={() => setOpen(false)} className="cvl-color">
          <fieldset className="cvl-color-grid" aria-label="Palette">
            {PALETTE.map((color) => (
              <button
                key={color}
                type="button"
                className="cvl-color-cell"
                style={{ background: color }}
                aria-label={color}
                aria-pressed={color === value}
                onClick={() => onChange(color)}
              />
            ))}
          </fieldset>
          <div className="cvl-color-free">
            <input
              type="color"
              aria-label="Any colour"
              value={value || '#808080'}
              onChange={(event) => onChange(event.target.value)}
            />
            <TextField
              label="Colour as #rrggbb"
              hideLabel
              value={value}
              placeholder="#rrggbb"
              maxLength={7}
              onChange={onChange}
            />
          </div>
          <Button
            kind="ghost"
            size="small"
            onClick={() => onChange('')}
            title="The colour follows from the name"
          >
            Automatic
          </Button>
        </Popup>
      )}
    </>
  );
}

export function Swatch({ color }: { color: string }) {
  const known = /^#[0-9a-f]{6}$/i.test(color);
  return (
    <span
      className={classes('cvl-swatch', !known && 'cvl-swatch-auto')}
      style={known ? { background: color } : undefined}
      aria-hidden
    />
  );
}
