/** The user interface of cvat_lab: pages, forms, and the annotation editor. */

export * from './components';
export { announceChange } from './data/freshness';
export * from './editor';
export * from './labels';
export * from './markdown/renderer';
export { AppPages, type AppPagesProps } from './pages/app';
export { type MountPagesOptions, mountPages, type PagesHandle } from './pages/mount';
export * from './pages/route';
export { addStyles, installStyles } from './styles/install';
