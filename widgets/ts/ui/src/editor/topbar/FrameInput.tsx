/** Number and name of the frame; typing a number goes there. */

import { useEffect, useRef, useState } from 'react';
import { useEditorContext, useReading } from '../hooks';

export function FrameInput() {
  const { session } = useEditorContext();
  const { editor, opened } = session;
  const input = useRef<HTMLInputElement>(null);
  const frame = useReading(editor, ['player', 'frame'], () => editor.player.target);
  const [draft, setDraft] = useState<string | null>(null);
  useEffect(
    () =>
      editor.requests.on(({ type }) => {
        if (type === 'focus-frame-input') input.current?.select();
      }),
    [editor],
  );
  const name = opened.data.frames.find(frame)?.name ?? '';
  const leave = () => {
    setDraft(null);
    const number = Number(draft);
    if (draft !== null && draft.trim() !== '' && Number.isFinite(number)) session.goTo(Math.round(number));
  };
  return (
    <div className="cvl-ed-frame">
      <input
        ref={input}
        className="cvl-input"
        aria-label="Frame number"
        title={`Frame number, ${editor.player.firstFrame} to ${editor.player.lastFrame} (\`)`}
        inputMode="numeric"
        value={draft ?? String(frame)}
        onChange={(event) => setDraft(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setDraft(null);
          if (event.key === 'Enter' || event.key === 'Escape') leaveField(event.currentTarget);
        }}
      />
      <span className="cvl-ed-frame-last">/ {editor.player.lastFrame}</span>
      <span className="cvl-ed-frame-name" title={name}>
        {name}
      </span>
    </div>
  );
}

/** Back to the canvas, once React has taken over the draft. */
function leaveField(field: HTMLElement): void {
  setTimeout(() => field.closest('.cvl-ed')?.querySelector<HTMLElement>('.cvl-ed-canvas')?.focus());
}
