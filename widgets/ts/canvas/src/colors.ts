/** The colour of every object: by instance, by group or by label. Independent of the theme: images do not follow it either. */

import type { Labels } from './model/labels';
import type { ObjectState } from './model/states';
import type { ColorBy } from './settings';

/** Colour of objects without a group when colouring by group. */
const NO_GROUP = '#ffffff';
const NO_LABEL = '#808080';

/** Turning by the golden angle keeps neighbours in the list far apart in hue. */
const GOLDEN_ANGLE = 137.508;
const PALETTE_SIZE = 96;

/** Lightness and saturation take turns, so that even similar hues differ. */
const TONES: readonly (readonly [number, number])[] = [
  [0.85, 0.5],
  [0.7, 0.65],
  [0.95, 0.4],
  [0.6, 0.55],
];

/** Colours for instances and groups, told apart as well as possible by the order of their numbers. */
export const PALETTE: readonly string[] = Array.from({ length: PALETTE_SIZE }, (_, i) => {
  const [saturation, lightness] = TONES[i % TONES.length]!;
  return hslToHex((i * GOLDEN_ANGLE) % 360, saturation, lightness);
});

export function colorOf(state: ObjectState, by: ColorBy, labels: Labels): string {
  if (by === 'label') return labels.find(state.label_id)?.color ?? NO_LABEL;
  if (by === 'group') return state.group === 0 ? NO_GROUP : paletteColor(state.group);
  return state.object.color ?? paletteColor(state.clientId);
}

/** The colour of an instance or a group. */
export function paletteColor(number: number): string {
  return PALETTE[number % PALETTE_SIZE]!;
}

function hslToHex(hue: number, saturation: number, lightness: number): string {
  const amplitude = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12;
    const value = lightness - amplitude * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
