/** What an annotator can set about player, appearance and workspace. Names and defaults follow CVAT. */

export type ColorBy = 'instance' | 'group' | 'label';
export type TextPart = 'label' | 'id' | 'source' | 'attributes';

export interface Settings {
  // Player
  /** Frames that the V and C keys go. */
  readonly step: number;
  /** Frames per second while playing. */
  readonly speed: number;
  /** Fit every frame into the viewport when it is shown. */
  readonly resetZoom: boolean;
  /** Blur pixels of an enlarged image instead of showing squares. */
  readonly smoothImage: boolean;
  /** Percent of the original. */
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly grid: boolean;
  /** Image pixels between grid lines. */
  readonly gridSize: number;
  readonly gridColor: string;
  /** Percent. */
  readonly gridOpacity: number;

  // Appearance
  readonly colorBy: ColorBy;
  /** Percent of the fill of a shape. */
  readonly opacity: number;
  /** Percent of the fill of a selected or hovered shape. */
  readonly selectedOpacity: number;
  /** Colour of all outlines; null = the colour of the shape. */
  readonly outlineColor: string | null;
  /** Screen pixels. */
  readonly controlPointSize: number;
  /** Show texts at all shapes, not only at the active one. */
  readonly alwaysShowText: boolean;
  readonly textParts: readonly TextPart[];
  /** Screen pixels. */
  readonly textSize: number;
  /** List tracks also on frames where they are outside. */
  readonly showAllTracks: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  step: 10,
  speed: 25,
  resetZoom: false,
  smoothImage: true,
  brightness: 100,
  contrast: 100,
  saturation: 100,
  grid: false,
  gridSize: 100,
  gridColor: '#ffffff',
  gridOpacity: 100,
  colorBy: 'instance',
  opacity: 3,
  selectedOpacity: 30,
  outlineColor: null,
  controlPointSize: 8,
  alwaysShowText: false,
  textParts: ['label', 'id', 'source', 'attributes'],
  textSize: 14,
  showAllTracks: false,
};

/** Speeds that the player offers, in frames per second. */
export const SPEEDS: readonly number[] = [1, 12, 15, 25, 50, 100];

/** Limits of the numbers, both ends included. */
export const RANGES = {
  brightness: [50, 200],
  contrast: [50, 200],
  saturation: [0, 300],
  gridOpacity: [0, 100],
  opacity: [0, 100],
  selectedOpacity: [0, 100],
  controlPointSize: [2, 20],
  textSize: [8, 40],
  step: [1, 1000],
} as const satisfies Partial<Record<keyof Settings, readonly [number, number]>>;
