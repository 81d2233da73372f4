/** What tools show while they work: the drawing so far, a brush, a number at the cursor; and what is lifted off the canvas. */

import type { Box } from './geometry';
import type { ClientId } from './model/objects';
import type { ElementState } from './model/states';
import type { Geometry } from './shapes/ShapeUtil';

/** A drawing that is not an object yet. */
export interface Preview extends Geometry {
  readonly color: string;
  readonly elements: readonly ElementState[];
  /** Number of leading points that are set; the last one may still follow the cursor. */
  readonly setPoints: number;
}

export interface FeedbackListener {
  /** Something on the overlay changed. */
  changed(): void;
  /** Objects left the drawing of all shapes, or returned to it. */
  lifted(before: ReadonlySet<ClientId>, after: ReadonlySet<ClientId>): void;
}

interface Shown {
  previews: readonly Preview[];
  /** The area that is being selected, in image pixels. */
  brush: Box | null;
  /** A short text beside the cursor: the size of a box, an angle. */
  note: string | null;
  /** CSS cursor. */
  cursor: string;
  /** Lines through the cursor, while something is drawn. */
  crosshair: boolean;
}

const NOTHING: Shown = { previews: [], brush: null, note: null, cursor: 'default', crosshair: false };

export class Feedback {
  private current: Readonly<Shown> = NOTHING;
  private liftedIds: ReadonlySet<ClientId> = new Set();

  constructor(private readonly listener: FeedbackListener) {}

  get shown(): Readonly<Shown> {
    return this.current;
  }

  /** Objects that are drawn on the overlay only, because they are being changed. */
  get lifted(): ReadonlySet<ClientId> {
    return this.liftedIds;
  }

  show(change: Partial<Shown>): void {
    const keys = Object.keys(change) as (keyof Shown)[];
    if (keys.every((key) => this.current[key] === change[key])) return;
    this.current = { ...this.current, ...change };
    this.listener.changed();
  }

  clear(): void {
    this.show(NOTHING);
  }

  lift(clientIds: Iterable<ClientId>): void {
    const before = this.liftedIds;
    this.liftedIds = new Set(clientIds);
    if (before.size > 0 || this.liftedIds.size > 0) this.listener.lifted(before, this.liftedIds);
  }

  drop(): void {
    this.lift([]);
  }
}
