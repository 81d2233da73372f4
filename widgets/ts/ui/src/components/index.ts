/** Building blocks that know nothing about annotation. */

export * from './Breadcrumbs';
export * from './Button';
export * from './classes';
export * from './Dialog';
export * from './DropZone';
export * from './errors';
export * from './fields';
export * from './InlineEdit';
export * from './Layer';
export * from './Menu';
export * from './Notice';
export * from './Pager';
export * from './Person';
export * from './Popup';
export * from './ProgressBar';
export * from './SearchField';
export * from './Tabs';
export * from './Toasts';
export * from './TypeAhead';
