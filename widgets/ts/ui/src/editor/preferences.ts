/** What an annotator chose about the editor, kept by the browser: settings and the layout of the view. */

import { DEFAULT_SETTINGS, type Settings } from '@cvat-lab/canvas';

export interface Layout {
  /** CSS pixels. */
  readonly sidebarWidth: number;
  readonly sidebarOpen: boolean;
  readonly appearanceOpen: boolean;
}

export const DEFAULT_LAYOUT: Layout = { sidebarWidth: 288, sidebarOpen: true, appearanceOpen: true };

const SETTINGS_KEY = 'cvat-lab:editor-settings';
const LAYOUT_KEY = 'cvat-lab:editor-layout';

/** The settings that differ from the defaults; those of an older version of the product are left out. */
export function loadSettings(): Partial<Settings> {
  const stored = load(SETTINGS_KEY);
  const known = Object.entries(stored).filter(([name, value]) => {
    const standard = DEFAULT_SETTINGS[name as keyof Settings];
    return name in DEFAULT_SETTINGS && (standard === null || typeof value === typeof standard);
  });
  return Object.fromEntries(known);
}

export function saveSettings(settings: Settings): void {
  const own = Object.entries(settings).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(DEFAULT_SETTINGS[name as keyof Settings]),
  );
  save(SETTINGS_KEY, Object.fromEntries(own));
}

export function loadLayout(): Layout {
  return { ...DEFAULT_LAYOUT, ...load(LAYOUT_KEY) };
}

export function saveLayout(layout: Layout): void {
  save(LAYOUT_KEY, layout);
}

function load(key: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // Storage may be forbidden to this page, or hold what somebody else wrote: the defaults serve as well.
    return {};
  }
}

function save(key: string, value: object): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Then the choice lasts until the page is closed.
  }
}
