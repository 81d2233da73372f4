/** Asks how far an object is copied: which way, and up to which frame. */

import type { PropagateArgs } from '@cvat-lab/canvas';
import { useState } from 'react';
import { Button, Dialog, NumberField, Select } from '../../components';
import { useEditor } from '../hooks';
import { type Direction, propagationFrames, targetOf } from './propagation';

const DIRECTIONS = [
  { value: 'forward', label: 'Forward' },
  { value: 'backward', label: 'Backward' },
] as const satisfies readonly { value: Direction; label: string }[];

const DEFAULT_COUNT = 10;

export function PropagateDialog({ onClose }: { onClose: () => void }) {
  const editor = useEditor();
  const { frame, player, selection } = editor;
  const [direction, setDirection] = useState<Direction>('forward');
  const [count, setCount] = useState<number | null>(DEFAULT_COUNT);
  const frames = propagationFrames(player.allFrames, frame, direction, count ?? 0);
  const names = selection.targets.length;
  const propagate = () => {
    if (frames.length === 0) return;
    onClose();
    editor.execute('objects.propagate', { frames } satisfies PropagateArgs);
  };
  return (
    <Dialog
      title={names === 1 ? 'Propagate the object' : `Propagate ${names} objects`}
      size="narrow"
      onClose={onClose}
      onSubmit={propagate}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" disabled={frames.length === 0}>
            Propagate
          </Button>
        </>
      }
    >
      <Select label="Direction" value={direction} options={DIRECTIONS} onChange={setDirection} />
      <div className="cvl-ed-pair">
        <NumberField label="Number of frames" min={1} value={count} onChange={setCount} data-autofocus />
        <NumberField
          label="Up to frame"
          value={targetOf(frames, frame)}
          onChange={(target) => target !== null && setCount(Math.abs(target - frame))}
        />
      </div>
      <p className="cvl-soft">
        {frames.length === 0
          ? 'There is no frame in this direction.'
          : `${frames.length} ${frames.length === 1 ? 'copy' : 'copies'} of each object, on frames ${Math.min(...frames)} to ${Math.max(...frames)}.`}
      </p>
    </Dialog>
  );
}
