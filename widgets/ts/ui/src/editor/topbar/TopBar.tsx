/** The bar above the canvas: menu, saving, undo, player, and what concerns the view as a whole. */

import { Check, Keyboard, Redo2, Save, Settings, Undo2 } from 'lucide-react';
import { CommandButton } from '../CommandButton';
import { useEditor, useEditorContext, useReading } from '../hooks';
import { FrameInput } from './FrameInput';
import { FrameSlider } from './FrameSlider';
import { FullscreenButton } from './FullscreenButton';
import { JobMenu } from './JobMenu';
import { PlayerButtons } from './PlayerButtons';
import { SaveStatus } from './SaveStatus';

export function TopBar() {
  const { job } = useEditorContext();
  return (
    <header className="cvl-ed-topbar">
      <div className="cvl-ed-group">
        <JobMenu />
        <CommandButton id="general.save" icon={Save} />
        <SaveStatus />
        <HistoryButtons />
        <DoneButton />
      </div>
      <div className="cvl-ed-group cvl-ed-player">
        <PlayerButtons />
        <FrameSlider />
        <FrameInput />
      </div>
      <div className="cvl-ed-group cvl-ed-end">
        <span className="cvl-ed-job" title={`Job #${job.id} of task #${job.task_id}, ${job.task_name}`}>
          <b>#{job.id}</b> {job.task_name}
        </span>
        <CommandButton id="general.show-shortcuts" icon={Keyboard} title="Shortcuts" />
        <CommandButton id="general.show-settings" icon={Settings} title="Settings" />
        <FullscreenButton />
      </div>
    </header>
  );
}

function HistoryButtons() {
  const editor = useEditor();
  const undo = useReading(editor, ['history'], () => editor.annotations.history.undoTitle);
  const redo = useReading(editor, ['history'], () => editor.annotations.history.redoTitle);
  return (
    <>
      <CommandButton id="history.undo" icon={Undo2} title={undo ? `Undo: ${undo}` : 'Undo'} />
      <CommandButton id="history.redo" icon={Redo2} title={redo ? `Redo: ${redo}` : 'Redo'} />
    </>
  );
}

/** While something is drawn: the way to end it without the keyboard. */
function DoneButton() {
  const editor = useEditor();
  const isDrawing = useReading(
    editor,
    ['tool', 'drawing'],
    () => editor.tool === editor.drawing.parameters.type,
  );
  if (!isDrawing) return null;
  return (
    <button
      type="button"
      className="cvl-button cvl-button-primary cvl-button-small"
      title="Finish the drawing (N)"
      onClick={() => editor.execute('draw.finish')}
    >
      <Check size={14} aria-hidden /> Done
    </button>
  );
}
