/** The annotation editor. */

export { mountEditor } from './mount';
export type { EditorHandle, EditorOptions, EditorStatus, SelectedObject } from './options';
