/** The line at the bottom of the canvas: what the mouse does now, and how large the image is shown. */

import { useEditor, useReading } from '../hooks';
import { hintFor } from './hints';

export function StatusLine() {
  const editor = useEditor();
  const hint = useReading(editor, ['tool', 'drawing'], () => hintFor(editor));
  const zoom = useReading(editor, ['camera', 'frame'], () => Math.round(editor.view.camera.zoom * 100));
  const size = useReading(editor, ['frame'], () => {
    const { width, height } = editor.view.frameSize;
    return width > 0 ? `${width} × ${height}` : '';
  });
  return (
    <div className="cvl-ed-statusline">
      {hint && <span className="cvl-ed-hint">{hint}</span>}
      <button type="button" title="Fit the image (Home)" onClick={() => editor.execute('view.fit')}>
        {size && `${size} px · ${zoom} %`}
      </button>
    </div>
  );
}
