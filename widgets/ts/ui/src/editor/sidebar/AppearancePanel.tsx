/** How shapes look: colours, opacity, outlines, texts. Kept by the browser. */

import { type ColorBy, RANGES } from '@cvat-lab/canvas';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { useId } from 'react';
import { Checkbox } from '../../components';
import { useEditor, useTopics } from '../hooks';

const COLOR_BY: readonly { value: ColorBy; label: string }[] = [
  { value: 'instance', label: 'Instance' },
  { value: 'group', label: 'Group' },
  { value: 'label', label: 'Label' },
];

const OUTLINE = '#000000';

interface AppearancePanelProps {
  isOpen: boolean;
  onToggle: (isOpen: boolean) => void;
}

export function AppearancePanel({ isOpen, onToggle }: AppearancePanelProps) {
  const Chevron = isOpen ? ChevronDown : ChevronUp;
  return (
    <section className="cvl-ed-appearance" aria-label="Appearance">
      <button
        type="button"
        className="cvl-ed-panel-title"
        aria-expanded={isOpen}
        onClick={() => onToggle(!isOpen)}
      >
        Appearance <Chevron size={14} aria-hidden />
      </button>
      {isOpen && <AppearanceFields />}
    </section>
  );
}

function AppearanceFields() {
  const editor = useEditor();
  useTopics(editor, 'settings');
  const { settings } = editor;
  return (
    <div className="cvl-ed-appearance-fields">
      <div className="cvl-ed-line">
        <span>Colour by</span>
        <ColorByChoice value={settings.colorBy} onChange={(colorBy) => editor.set({ colorBy })} />
      </div>
      <Percent label="Opacity" value={settings.opacity} onChange={(opacity) => editor.set({ opacity })} />
      <Percent
        label="Selected opacity"
        value={settings.selectedOpacity}
        onChange={(selectedOpacity) => editor.set({ selectedOpacity })}
      />
      <div className="cvl-ed-line">
        <Checkbox
          label="Outlined borders"
          checked={settings.outlineColor !== null}
          onChange={(isOutlined) => editor.set({ outlineColor: isOutlined ? OUTLINE : null })}
        />
        {settings.outlineColor !== null && (
          <input
            type="color"
            className="cvl-ed-color"
            aria-label="Colour of the borders"
            value={settings.outlineColor}
            onChange={(event) => editor.set({ outlineColor: event.target.value })}
          />
        )}
      </div>
      <Checkbox
        label="Show texts at all objects"
        checked={settings.alwaysShowText}
        onChange={(alwaysShowText) => editor.set({ alwaysShowText })}
      />
    </div>
  );
}

function ColorByChoice({ value, onChange }: { value: ColorBy; onChange: (value: ColorBy) => void }) {
  return (
    <fieldset className="cvl-ed-choice" aria-label="Colour by">
      {COLOR_BY.map((item) => (
        <button
          key={item.value}
          type="button"
          aria-pressed={item.value === value}
          onClick={() => onChange(item.value)}
        >
          {item.label}
        </button>
      ))}
    </fieldset>
  );
}

interface PercentProps {
  label: string;
  value: number;
  onChange: (value: number) => void;
}

function Percent({ label, value, onChange }: PercentProps) {
  const id = useId();
  const [min, max] = RANGES.opacity;
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
      <output htmlFor={id}>{value} %</output>
    </div>
  );
}
