import { clamp } from '../geometry';
import { RANGES } from '../settings';
import type { Command } from './Command';

type Adjustable = 'brightness' | 'contrast' | 'saturation';

const GRID_COLORS = ['#ffffff', '#000000', '#ff0000', '#00ff00', '#0000ff', '#ffff00'];
const STEP = 10;

export const IMAGE_COMMANDS: readonly Command[] = [
  ...adjustments('brightness', 'b'),
  ...adjustments('contrast', 'c'),
  ...adjustments('saturation', 's'),
  gridOpacity('up', 'Make the grid more visible', 'shift+g+=', STEP),
  gridOpacity('down', 'Make the grid less visible', 'shift+g+-', -STEP),
  {
    id: 'image.grid-color',
    title: 'Next colour of the grid',
    group: 'Image',
    keys: ['shift+g+enter'],
    run(editor) {
      const next = (GRID_COLORS.indexOf(editor.settings.gridColor) + 1) % GRID_COLORS.length;
      editor.set({ gridColor: GRID_COLORS[next] });
    },
  },
];

function adjustments(setting: Adjustable, key: string): Command[] {
  return [
    adjustment(setting, 'increase', `shift+${key}+=`, STEP),
    adjustment(setting, 'decrease', `shift+${key}+-`, -STEP),
  ];
}

function adjustment(setting: Adjustable, verb: 'increase' | 'decrease', key: string, by: number): Command {
  return {
    id: `image.${verb}-${setting}`,
    title: `${verb === 'increase' ? 'Increase' : 'Decrease'} the ${setting} of the image`,
    group: 'Image',
    keys: [key],
    repeats: true,
    run(editor) {
      const [low, high] = RANGES[setting];
      editor.set({ [setting]: clamp(editor.settings[setting] + by, low, high) });
    },
  };
}

/** Making an invisible grid more visible switches it on; at 0 percent it is off. */
function gridOpacity(direction: string, title: string, key: string, by: number): Command {
  return {
    id: `image.grid-${direction}`,
    title,
    group: 'Image',
    keys: [key],
    repeats: true,
    run(editor) {
      const { grid, gridOpacity: opacity } = editor.settings;
      const next = clamp((grid ? opacity : 0) + by, 0, 100);
      editor.set({ gridOpacity: next, grid: next > 0 });
    },
  };
}
