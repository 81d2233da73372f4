/** Draws one shape with a given look. The context is in image pixels. */

import type { Labels } from '../model/labels';
import type { SceneItem } from '../scene';
import { shapeUtil } from '../shapes/registry';
import type { Geometry } from '../shapes/ShapeUtil';

export interface Look {
  readonly color: string;
  readonly outlineColor: string;
  /** 0..1 */
  readonly fillOpacity: number;
  /** Screen pixels. */
  readonly lineWidth: number;
  readonly dashed: boolean;
  /** Diameter of dots, screen pixels. */
  readonly dotSize: number;
}

const DASH: readonly number[] = [6, 4];

export class ShapePainter {
  private readonly fills = new Map<string, string>();
  private dashed = false;

  /** @param pixel - Image pixels per screen pixel. */
  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly labels: Labels,
    private readonly pixel: number,
  ) {
    context.lineJoin = 'round';
    context.setLineDash([]);
  }

  paint(item: SceneItem, look: Look): void {
    item.outline ??= this.outlineOf(item.state);
    this.paintOutline(item.state, item.outline, look);
  }

  /** Draw something that is not an object (yet). */
  paintGeometry(geometry: Geometry, look: Look): void {
    this.paintOutline(geometry, this.outlineOf(geometry), look);
  }

  private outlineOf(geometry: Geometry): Path2D {
    const path = new Path2D();
    shapeUtil(geometry.type).trace(geometry, path, this.labels);
    return path;
  }

  private paintOutline(geometry: Geometry, outline: Path2D, look: Look): void {
    const { context, pixel } = this;
    const util = shapeUtil(geometry.type);
    if (util.closed && look.fillOpacity > 0) {
      context.fillStyle = this.fillOf(look);
      context.fill(outline);
    }
    if (look.dashed !== this.dashed) {
      context.setLineDash(look.dashed ? DASH.map((length) => length * pixel) : []);
      this.dashed = look.dashed;
    }
    context.strokeStyle = look.outlineColor;
    context.lineWidth = look.lineWidth * pixel;
    context.stroke(outline);
    const dots = util.dots(geometry);
    if (dots.length > 0) this.paintDots(dots, look);
  }

  private paintDots(points: readonly number[], look: Look): void {
    const { context } = this;
    const radius = (look.dotSize / 2) * this.pixel;
    context.fillStyle = look.color;
    context.beginPath();
    for (let i = 0; i + 1 < points.length; i += 2) {
      context.moveTo(points[i]! + radius, points[i + 1]!);
      context.arc(points[i]!, points[i + 1]!, radius, 0, 2 * Math.PI);
    }
    context.fill();
    context.stroke();
  }

  private fillOf({ color, fillOpacity }: Look): string {
    const key = `${color} ${fillOpacity}`;
    let fill = this.fills.get(key);
    if (!fill) {
      fill = `${color}${Math.round(fillOpacity * 255)
        .toString(16)
        .padStart(2, '0')}`;
      this.fills.set(key, fill);
    }
    return fill;
  }
}

/** Screen pixels around the bounds of a shape that its drawing may touch. */
export function paintMargin(look: Pick<Look, 'lineWidth' | 'dotSize'>): number {
  return Math.max(look.lineWidth, look.dotSize + look.lineWidth) / 2 + 1;
}
