/** The errors this package throws on purpose. A message names the thing, the value and the way out. */

/** An action that cannot be done; its message is meant for the annotator. */
export class CanvasError extends Error {
  override readonly name = 'CanvasError';
}
