import type { Editor } from '../editor';
import { type KeyframeFrames, keyframesAround, type ObjectState } from '../model/states';
import type { Command } from './Command';
import { toggle } from './objects';

export const TRACK_COMMANDS: readonly Command[] = [
  {
    id: 'tracks.keyframe',
    title: 'Make or remove the keyframe',
    group: 'Tracks',
    keys: ['k'],
    edits: true,
    enabled: hasTracks,
    run: (editor) =>
      toggle(
        editor,
        'Keyframe',
        tracks(editor),
        (state) => state.keyframe,
        (keyframe) => ({ keyframe }),
      ),
  },
  {
    id: 'tracks.outside',
    title: 'Switch the outside property',
    group: 'Tracks',
    keys: ['o'],
    edits: true,
    enabled: hasTracks,
    run: (editor) =>
      toggle(
        editor,
        'Outside',
        tracks(editor),
        (state) => state.outside,
        (outside) => ({ outside }),
      ),
  },
  keyframeCommand('next', 'Go to the next keyframe of the track', ['r']),
  keyframeCommand('previous', 'Go to the previous keyframe of the track', ['e']),
  keyframeCommand('first', 'Go to the first keyframe of the track', []),
  keyframeCommand('last', 'Go to the last keyframe of the track', []),
];

function keyframeCommand(which: keyof KeyframeFrames, title: string, keys: readonly string[]): Command {
  return {
    id: `tracks.${which}-keyframe`,
    title,
    group: 'Tracks',
    keys,
    repeats: true,
    enabled: (editor) => (keyframes(editor)?.[which] ?? null) !== null,
    run: (editor) => void editor.player.goTo(keyframes(editor)![which]!),
  };
}

function tracks({ selection }: Editor): ObjectState[] {
  return selection.editable.filter((state) => state.kind === 'track');
}

function hasTracks(editor: Editor): boolean {
  return tracks(editor).length > 0;
}

/** The keyframes around the current frame of the one track that is meant. */
function keyframes({ selection, frame }: Editor): KeyframeFrames | null {
  const [state, second] = selection.targets;
  if (!state || second || state.object.kind !== 'track') return null;
  return keyframesAround(state.object.data.shapes, frame);
}
