/** The browser's side of cvat_lab's server: transports, typed calls, saving, frames. */

export * from './annotationColumns';
export * from './api';
export * from './arrow';
export * from './commTransport';
export * from './envelope';
export * from './errors';
export * from './fallbackTransport';
export * from './httpTransport';
export * from './jobData';
export * from './rest';
export * from './transfers';
export * from './transport';
export * from './tus';
export * from './videoIndex';
