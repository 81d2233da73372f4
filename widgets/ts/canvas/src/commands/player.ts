import type { Editor } from '../editor';
import type { Command } from './Command';

export const PLAYER_COMMANDS: readonly Command[] = [
  {
    id: 'player.next',
    title: 'Go to the next frame',
    group: 'Player',
    keys: ['f'],
    repeats: true,
    run: ({ player }) => void player.step(1),
  },
  {
    id: 'player.previous',
    title: 'Go to the previous frame',
    group: 'Player',
    keys: ['d'],
    repeats: true,
    run: ({ player }) => void player.step(-1),
  },
  {
    id: 'player.forward',
    title: 'Go forward by the step of the settings',
    group: 'Player',
    keys: ['v'],
    repeats: true,
    run: ({ player, settings }) => void player.step(settings.step),
  },
  {
    id: 'player.backward',
    title: 'Go back by the step of the settings',
    group: 'Player',
    keys: ['c'],
    repeats: true,
    run: ({ player, settings }) => void player.step(-settings.step),
  },
  {
    id: 'player.next-object',
    title: 'Go to the next frame with objects that match the filter',
    group: 'Player',
    keys: ['right'],
    repeats: true,
    run: (editor) => goToObjects(editor, 1),
  },
  {
    id: 'player.previous-object',
    title: 'Go to the previous frame with objects that match the filter',
    group: 'Player',
    keys: ['left'],
    repeats: true,
    run: (editor) => goToObjects(editor, -1),
  },
  {
    id: 'player.next-empty',
    title: 'Go to the next frame without objects',
    group: 'Player',
    keys: [],
    run: (editor) => goWhere(editor, 1, (frame) => !editor.annotations.hasObjects(frame)),
  },
  {
    id: 'player.previous-empty',
    title: 'Go to the previous frame without objects',
    group: 'Player',
    keys: [],
    run: (editor) => goWhere(editor, -1, (frame) => !editor.annotations.hasObjects(frame)),
  },
  {
    id: 'player.first',
    title: 'Go to the first frame',
    group: 'Player',
    keys: [],
    run: ({ player }) => void player.goTo(player.firstFrame),
  },
  {
    id: 'player.last',
    title: 'Go to the last frame',
    group: 'Player',
    keys: [],
    run: ({ player }) => void player.goTo(player.lastFrame),
  },
  {
    id: 'player.play',
    title: 'Play or pause',
    group: 'Player',
    keys: ['space'],
    run: ({ player }) => (player.isPlaying ? player.pause() : player.play()),
  },
  {
    id: 'player.focus-frame-input',
    title: 'Type a frame number',
    group: 'Player',
    keys: ['`', '~'],
    run: (editor) => editor.request({ type: 'focus-frame-input' }),
  },
];

/** Frames with an object that matches the filter; if no such frame is left, frames with any object. */
function goToObjects(editor: Editor, direction: 1 | -1): void {
  const { annotations, filter } = editor;
  const matches = (frame: number) =>
    annotations.hasObjects(frame) &&
    annotations.statesAt(frame).some((state) => !state.outside && filter!(state));
  if (filter && goWhere(editor, direction, matches)) return;
  goWhere(editor, direction, (frame) => annotations.hasObjects(frame));
}

function goWhere({ player }: Editor, direction: 1 | -1, accepts: (frame: number) => boolean): boolean {
  const frame = player.find(direction, accepts);
  if (frame !== null) void player.goTo(frame);
  return frame !== null;
}
