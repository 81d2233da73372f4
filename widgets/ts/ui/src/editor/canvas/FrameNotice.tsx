/** Says over the canvas that a frame is on its way, or why it cannot be shown. */

import { ApiError } from '@cvat-lab/client';
import { RotateCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, Notice, Spinner } from '../../components';
import { useEditor, useTopics } from '../hooks';

/** Frames that come within this time, in ms, come without a notice. */
const PATIENCE = 250;

export function FrameNotice() {
  const editor = useEditor();
  useTopics(editor, 'player', 'frame');
  const { player, image } = editor;
  const { failure } = player;
  const isSlow = useDelayed(player.isLoading && !player.isPlaying);
  if (failure) {
    return (
      <div className="cvl-ed-notice">
        <Notice
          tone="bad"
          actions={
            <Button
              size="small"
              icon={RotateCw}
              onClick={() => void player.goTo(player.failedFrame ?? player.target)}
            >
              Try again
            </Button>
          }
        >
          {failureText(failure)}
        </Notice>
      </div>
    );
  }
  if (!isSlow) return null;
  return (
    <div className={image ? 'cvl-ed-loading' : 'cvl-ed-loading cvl-ed-loading-first'} role="status">
      <Spinner /> Loading frame {player.target}
    </div>
  );
}

/** The message names the frame and the address; the status says how the server answered. */
export function failureText(failure: Error): string {
  const { cause } = failure;
  return cause instanceof ApiError ? `${failure.message} (status ${cause.status})` : failure.message;
}

function useDelayed(value: boolean): boolean {
  const [delayed, setDelayed] = useState(false);
  useEffect(() => {
    if (!value) {
      setDelayed(false);
      return;
    }
    const timer = setTimeout(() => setDelayed(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [value]);
  return value && delayed;
}
