/** The settings of player, image and texts. They hold at once, and are kept by the browser. */

import { DEFAULT_SETTINGS, RANGES, type Settings, SPEEDS, type TextPart } from '@cvat-lab/canvas';
import { useState } from 'react';
import { Button, Checkbox, Dialog, Select, Tabs } from '../../components';
import { useEditor, useTopics } from '../hooks';
import { SliderField } from './SliderField';
import { useKey } from './useKey';

type SettingsTab = 'player' | 'image' | 'objects';

const TABS = [
  { value: 'player', label: 'Player' },
  { value: 'image', label: 'Image' },
  { value: 'objects', label: 'Objects' },
] as const;

const TEXT_PARTS: readonly { value: TextPart; label: string }[] = [
  { value: 'label', label: 'Label' },
  { value: 'id', label: 'ID' },
  { value: 'source', label: 'Source' },
  { value: 'attributes', label: 'Attributes' },
];

export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const editor = useEditor();
  const [tab, setTab] = useState<SettingsTab>('player');
  useTopics(editor, 'settings');
  useKey(['F2', 'F3'], onClose);
  const fields = { settings: editor.settings, set: (change: Partial<Settings>) => editor.set(change) };
  return (
    <Dialog
      title="Settings"
      onClose={onClose}
      onSubmit={onClose}
      foot={
        <>
          <Button onClick={() => editor.set(DEFAULT_SETTINGS)}>Defaults</Button>
          <Button type="submit" kind="primary" data-autofocus>
            Close
          </Button>
        </>
      }
    >
      <Tabs label="Settings" tabs={TABS} value={tab} onChange={setTab}>
        <div className="cvl-ed-settings">
          {tab === 'player' && <PlayerFields {...fields} />}
          {tab === 'image' && <ImageFields {...fields} />}
          {tab === 'objects' && <ObjectFields {...fields} />}
        </div>
      </Tabs>
    </Dialog>
  );
}

interface FieldsProps {
  settings: Settings;
  set: (change: Partial<Settings>) => void;
}

function PlayerFields({ settings, set }: FieldsProps) {
  return (
    <>
      <SliderField
        label="Step of V and C"
        unit="frames"
        range={[RANGES.step[0], 100]}
        value={settings.step}
        onChange={(step) => set({ step })}
      />
      <Select
        label="Speed"
        value={String(settings.speed)}
        options={SPEEDS.map((speed) => ({ value: String(speed), label: `${speed} frames per second` }))}
        onChange={(speed) => set({ speed: Number(speed) })}
      />
      <Checkbox
        label="Fit the image on every frame"
        checked={settings.resetZoom}
        onChange={(resetZoom) => set({ resetZoom })}
      />
    </>
  );
}

function ImageFields({ settings, set }: FieldsProps) {
  return (
    <>
      {(['brightness', 'contrast', 'saturation'] as const).map((name) => (
        <SliderField
          key={name}
          label={name.charAt(0).toUpperCase() + name.slice(1)}
          unit="%"
          range={RANGES[name]}
          value={settings[name]}
          onChange={(value) => set({ [name]: value })}
        />
      ))}
      <Checkbox
        label="Smooth an enlarged image"
        checked={settings.smoothImage}
        onChange={(smoothImage) => set({ smoothImage })}
      />
      <Checkbox label="Grid" checked={settings.grid} onChange={(grid) => set({ grid })} />
      {settings.grid && (
        <>
          <SliderField
            label="Size of the grid"
            unit="px"
            range={[10, 500]}
            value={settings.gridSize}
            onChange={(gridSize) => set({ gridSize })}
          />
          <SliderField
            label="Opacity of the grid"
            unit="%"
            range={RANGES.gridOpacity}
            value={settings.gridOpacity}
            onChange={(gridOpacity) => set({ gridOpacity })}
          />
        </>
      )}
    </>
  );
}

function ObjectFields({ settings, set }: FieldsProps) {
  const setPart = (part: TextPart, isShown: boolean) => {
    const shown = new Set(settings.textParts);
    if (isShown) shown.add(part);
    else shown.delete(part);
    set({ textParts: TEXT_PARTS.map(({ value }) => value).filter((value) => shown.has(value)) });
  };
  return (
    <>
      <Checkbox
        label="Show tracks where they are outside too"
        checked={settings.showAllTracks}
        onChange={(showAllTracks) => set({ showAllTracks })}
      />
      <fieldset className="cvl-ed-parts">
        <legend>Text of an object</legend>
        {TEXT_PARTS.map(({ value, label }) => (
          <Checkbox
            key={value}
            label={label}
            checked={settings.textParts.includes(value)}
            onChange={(isShown) => setPart(value, isShown)}
          />
        ))}
      </fieldset>
      <SliderField
        label="Size of texts"
        unit="px"
        range={RANGES.textSize}
        value={settings.textSize}
        onChange={(textSize) => set({ textSize })}
      />
      <SliderField
        label="Size of control points"
        unit="px"
        range={RANGES.controlPointSize}
        value={settings.controlPointSize}
        onChange={(controlPointSize) => set({ controlPointSize })}
      />
    </>
  );
}
