/**
 * Copies what happens in the editor to the kernel, a little later and all at once.
 *
 * Nothing is lost when the kernel does not hear it, for example because it was restarted: it is for the convenience of
 * scripts, and everything that counts goes to the server.
 */

import type { AnyModel } from '@anywidget/types';
import type { AnnotatorState } from './state';

/** Milliseconds in which changes are collected: playing shows up to 100 frames per second. */
const DELAY = 250;

export class Mirror {
  private waiting: Partial<AnnotatorState> = {};
  private timer: ReturnType<typeof setTimeout> | undefined;
  private telling = false;

  constructor(private readonly model: Pick<AnyModel<AnnotatorState>, 'set' | 'save_changes'>) {}

  /** Whether a change of the model is one of ours. */
  get isTelling(): boolean {
    return this.telling;
  }

  set(change: Partial<AnnotatorState>): void {
    Object.assign(this.waiting, change);
    this.timer ??= setTimeout(() => this.tell(), DELAY);
  }

  /** The kernel wants another value: ours, if it was not told yet, does not count any more. */
  forget(name: keyof AnnotatorState): void {
    delete this.waiting[name];
  }

  /** Tell the kernel now. */
  tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const changes = Object.entries(this.waiting) as [keyof AnnotatorState, never][];
    this.waiting = {};
    if (changes.length === 0) return;
    this.telling = true;
    for (const [name, value] of changes) this.model.set(name, value);
    this.telling = false;
    this.model.save_changes();
  }
}
