/** What the canvas asks the user interface to do: dialogs, menus, saving. */

import type { ClientId } from './model/objects';

export type UiRequest =
  | { readonly type: 'save' }
  | { readonly type: 'show-shortcuts' }
  | { readonly type: 'show-settings' }
  | { readonly type: 'focus-frame-input' }
  /** Ask how many frames to propagate to, then execute `objects.propagate` with `{ frames }`. */
  | { readonly type: 'ask-propagate'; readonly clientIds: readonly ClientId[] }
  /** Locked objects are to be deleted: ask, then execute `objects.remove-locked`. */
  | { readonly type: 'confirm-remove'; readonly clientIds: readonly ClientId[] }
  /** The right button was pressed; `vertex` = over this point of the object. Screen pixels. */
  | {
      readonly type: 'context-menu';
      readonly clientId: ClientId | null;
      readonly vertex: number | null;
      readonly screenX: number;
      readonly screenY: number;
    }
  /** Something the annotator should know, in words. */
  | { readonly type: 'notice'; readonly text: string };
