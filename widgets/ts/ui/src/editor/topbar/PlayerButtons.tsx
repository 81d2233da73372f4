/** First, back, previous, play, next, forward, last. */

import {
  ChevronLeft,
  ChevronRight,
  ChevronsLeft,
  ChevronsRight,
  Pause,
  Play,
  SkipBack,
  SkipForward,
} from 'lucide-react';
import { CommandButton } from '../CommandButton';
import { useEditor, useReading } from '../hooks';

export function PlayerButtons() {
  const editor = useEditor();
  const isPlaying = useReading(editor, ['player'], () => editor.player.isPlaying);
  const step = useReading(editor, ['settings'], () => editor.settings.step);
  return (
    <div className="cvl-ed-buttons">
      <CommandButton id="player.first" icon={SkipBack} className="cvl-ed-wide-only" />
      <CommandButton id="player.backward" icon={ChevronsLeft} title={`Go back ${step} frames`} />
      <CommandButton id="player.previous" icon={ChevronLeft} />
      <CommandButton
        id="player.play"
        icon={isPlaying ? Pause : Play}
        title={isPlaying ? 'Pause' : 'Play'}
        className="cvl-ed-play"
      />
      <CommandButton id="player.next" icon={ChevronRight} />
      <CommandButton id="player.forward" icon={ChevronsRight} title={`Go forward ${step} frames`} />
      <CommandButton id="player.last" icon={SkipForward} className="cvl-ed-wide-only" />
    </div>
  );
}
