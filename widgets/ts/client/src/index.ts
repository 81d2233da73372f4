/** The browser's side of cvat_lab's server: transports, typed calls, saving, frames. */

export * from './accounts';
export * from './annotationColumns';
export * from './api';
export * from './arrow';
export * from './changes';
export * from './commTransport';
export * from './decoder';
export * from './envelope';
export * from './errors';
export * from './fallbackTransport';
export * from './frames';
export * from './guides';
export * from './httpTransport';
export * from './jobData';
export * from './jobFrames';
export * from './journal';
export * from './recovery';
export * from './rest';
export * from './sync';
export * from './teams';
export { isTemporary } from './timing';
export * from './transfers';
export * from './transport';
export * from './tus';
export * from './upload';
export * from './video';
export * from './videoIndex';
