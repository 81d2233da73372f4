/** The strip below the slider: the frames of the job put into as many bins as there is room for. */

export interface StripContent {
  readonly annotated: readonly boolean[];
  readonly loaded: readonly boolean[];
}

/** For each of `count` equal parts of the job: whether any of its frames has the property. */
export function binsOf(frames: readonly number[], count: number, has: (frame: number) => boolean): boolean[] {
  return Array.from({ length: count }, (_, bin) => {
    const start = Math.floor((bin * frames.length) / count);
    const end = Math.max(start + 1, Math.floor(((bin + 1) * frames.length) / count));
    return frames.slice(start, end).some(has);
  });
}

/** Draw the parts as bars; colours come from the element's custom properties. */
export function drawStrip(canvas: HTMLCanvasElement, { annotated, loaded }: StripContent): void {
  const ratio = devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(canvas);
  context.clearRect(0, 0, width, height);
  context.fillStyle = style.getPropertyValue('--cvl-strip-loaded');
  fillBins(context, loaded, height / 2, height);
  context.fillStyle = style.getPropertyValue('--cvl-strip-annotated');
  fillBins(context, annotated, 0, height / 2);
}

function fillBins(
  context: CanvasRenderingContext2D,
  bins: readonly boolean[],
  top: number,
  bottom: number,
): void {
  const { width } = context.canvas;
  for (let start = 0; start < bins.length; start++) {
    if (!bins[start]) continue;
    let end = start;
    while (bins[end]) end++;
    const left = (start * width) / bins.length;
    context.fillRect(left, top, ((end - start) * width) / bins.length, bottom - top);
    start = end;
  }
}
