/** Types of everything that travels between server and browser, generated from the Python model. */
export type * from './generated';
