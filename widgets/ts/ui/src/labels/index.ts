/** Labels: their drafts, their rules and their editor. */

export * from './ColorField';
export * from './draft';
export * from './LabelsEditor';
export * from './raw';
export * from './rules';
