/** Which frames a propagation reaches. */

export type Direction = 'forward' | 'backward';

/** The next `count` frames of the job from `frame`, nearest first; fewer where the job ends. */
export function propagationFrames(
  frames: readonly number[],
  frame: number,
  direction: Direction,
  count: number,
): number[] {
  const position = frames.indexOf(frame);
  const wanted = Math.max(0, Math.trunc(count));
  return direction === 'forward'
    ? frames.slice(position + 1, position + 1 + wanted)
    : frames.slice(Math.max(0, position - wanted), position).reverse();
}

/** The last frame that is reached. */
export function targetOf(reached: readonly number[], frame: number): number {
  return reached.at(-1) ?? frame;
}
