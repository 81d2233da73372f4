/** The canvas with everything that lies over it: loading, failures, hints, menus at the cursor. */

import { CanvasHost } from '@cvat-lab/canvas';
import { useEffect, useRef } from 'react';
import { guardKeyboard, isShortcut } from '../focus';
import { useEditorContext, useReading } from '../hooks';
import { CanvasMenu } from './CanvasMenu';
import { FrameNotice } from './FrameNotice';
import { StatusLine } from './StatusLine';

export function CanvasView() {
  const { session, root } = useEditorContext();
  const { editor } = session;
  const canvas = useRef<HTMLDivElement>(null);
  const frame = useReading(editor, ['frame'], () => (editor.image ? editor.frame : undefined));
  useEffect(() => {
    const element = canvas.current!;
    const host = new CanvasHost(editor, element, { keyTarget: root, isShortcut });
    const endGuard = guardKeyboard(root, element, editor);
    return () => {
      endGuard();
      host.destroy();
    };
  }, [editor, root]);
  return (
    <div className="cvl-ed-stage" data-frame={frame}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: shortcuts are heard here */}
      <div ref={canvas} className="cvl-ed-canvas" tabIndex={0} role="application" aria-label="Canvas" />
      <FrameNotice />
      <StatusLine />
      <CanvasMenu />
    </div>
  );
}
