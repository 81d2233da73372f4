/** The tools at the left: looking at the image, and drawing. */

import type { LucideIcon } from 'lucide-react';
import { Fullscreen, Hand, MousePointer2, Pentagon, RotateCcw, RotateCw, Square, ZoomIn } from 'lucide-react';
import { useRef, useState } from 'react';
import { Popup } from '../../components';
import { CommandButton } from '../CommandButton';
import { useEditor, useReading } from '../hooks';
import { DrawForm, type DrawnType } from './DrawForm';

export function ToolBar() {
  const editor = useEditor();
  const tool = useReading(editor, ['tool'], () => editor.tool);
  return (
    <nav className="cvl-ed-tools" aria-label="Tools">
      <CommandButton id="tool.select" icon={MousePointer2} pressed={tool === 'select'} size={18} />
      <CommandButton id="tool.hand" icon={Hand} pressed={tool === 'hand'} size={18} />
      <hr />
      <CommandButton id="view.fit" icon={Fullscreen} size={18} />
      <CommandButton id="view.zoom-in" icon={ZoomIn} size={18} />
      <CommandButton id="view.rotate-counterclockwise" icon={RotateCcw} size={18} />
      <CommandButton id="view.rotate-clockwise" icon={RotateCw} size={18} />
      <hr />
      <DrawButton type="rectangle" icon={Square} label="Draw rectangles" />
      <DrawButton type="polygon" icon={Pentagon} label="Draw polygons" />
    </nav>
  );
}

interface DrawButtonProps {
  type: DrawnType;
  icon: LucideIcon;
  label: string;
}

function DrawButton({ type, icon: Icon, label }: DrawButtonProps) {
  const editor = useEditor();
  const anchor = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const isActive = useReading(editor, ['tool'], () => editor.tool === type);
  const isReadonly = useReading(editor, ['settings'], () => editor.isReadonly);
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className="cvl-ed-button"
        aria-label={label}
        aria-pressed={isActive}
        aria-expanded={isOpen}
        title={`${label} (N repeats the last drawing)`}
        disabled={isReadonly}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon size={18} aria-hidden />
      </button>
      {isOpen && (
        <Popup anchor={anchor} side="right" onClose={() => setOpen(false)} className="cvl-ed-draw">
          <DrawForm type={type} title={label} onStart={() => setOpen(false)} />
        </Popup>
      )}
    </>
  );
}
