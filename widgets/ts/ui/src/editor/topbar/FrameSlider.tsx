/** The slider through the job, over a strip that shows which frames are annotated and which are loaded. */

import { useEffect, useRef } from 'react';
import { useEditorContext, useReading } from '../hooks';
import { binsOf, drawStrip } from './strip';

/** Milliseconds between looks at what is loaded and annotated. */
const LOOK_INTERVAL = 500;

export function FrameSlider() {
  const { session } = useEditorContext();
  const { player } = session.editor;
  const position = useReading(session.editor, ['player', 'frame'], () =>
    player.allFrames.indexOf(player.target),
  );
  const go = (to: number) => {
    const frame = player.allFrames[to];
    if (frame !== undefined) void player.goTo(frame);
  };
  return (
    <div className="cvl-ed-slider">
      <Strip />
      <input
        type="range"
        aria-label="Frame"
        min={0}
        max={player.allFrames.length - 1}
        value={position}
        onChange={(event) => go(Number(event.target.value))}
      />
    </div>
  );
}

function Strip() {
  const { session } = useEditorContext();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { editor, frames } = session;
    let isStale = true;
    let annotated: readonly boolean[] = [];
    const look = () => {
      const element = canvas.current;
      if (!element || element.clientWidth === 0 || document.visibilityState === 'hidden') return;
      const { allFrames } = editor.player;
      const count = Math.min(allFrames.length, Math.floor(element.clientWidth / 2));
      if (isStale || annotated.length !== count)
        annotated = binsOf(allFrames, count, (frame) => editor.annotations.hasObjects(frame));
      isStale = false;
      drawStrip(element, { annotated, loaded: binsOf(allFrames, count, (frame) => frames.has(frame)) });
    };
    const timer = setInterval(look, LOOK_INTERVAL);
    const end = editor.topics.subscribe(['annotations'], () => {
      // During a gesture and while playing nothing of this changes.
      if (!editor.annotations.history.isMarked && !editor.player.isPlaying) isStale = true;
    });
    look();
    return () => {
      clearInterval(timer);
      end();
    };
  }, [session]);
  return <canvas ref={canvas} className="cvl-ed-strip" aria-hidden />;
}
