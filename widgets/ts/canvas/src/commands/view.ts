import type { Command } from './Command';

export const VIEW_COMMANDS: readonly Command[] = [
  {
    id: 'view.fit',
    title: 'Fit the image',
    group: 'View',
    keys: ['home'],
    run: ({ view }) => view.fit(),
  },
  {
    id: 'view.zoom-in',
    title: 'Zoom in',
    group: 'View',
    keys: ['pageup'],
    repeats: true,
    run: ({ view }) => view.zoomSteps(1),
  },
  {
    id: 'view.zoom-out',
    title: 'Zoom out',
    group: 'View',
    keys: ['pagedown'],
    repeats: true,
    run: ({ view }) => view.zoomSteps(-1),
  },
  {
    id: 'view.zoom-to-object',
    title: 'Zoom to the object',
    group: 'View',
    keys: [],
    enabled: ({ selection }) => selection.focus !== null,
    run: ({ view, selection }) => view.showBox(selection.focus!.bounds),
  },
  pan('left', 1, 0),
  pan('right', -1, 0),
  pan('up', 0, 1),
  pan('down', 0, -1),
  {
    id: 'view.rotate-clockwise',
    title: 'Rotate the image by +90 degrees',
    group: 'Image',
    keys: ['ctrl+r'],
    run: ({ view }) => view.turn(true),
  },
  {
    id: 'view.rotate-counterclockwise',
    title: 'Rotate the image by -90 degrees',
    group: 'Image',
    keys: ['ctrl+shift+r'],
    run: ({ view }) => view.turn(false),
  },
];

/** Moves the image away from the direction in which the annotator wants to look. */
function pan(direction: string, dx: number, dy: number): Command {
  return {
    id: `view.pan-${direction}`,
    title: `Look further ${direction}`,
    group: 'View',
    keys: [`shift+${direction}`],
    workspaces: ['standard', 'attribute', 'tag', 'review'],
    repeats: true,
    run: ({ view }) => view.panSteps(dx, dy),
  };
}
