/**
 * What parts of the user interface watch.
 *
 * Every topic has a version that grows with each change, which is what React's `useSyncExternalStore` wants:
 * `useSyncExternalStore((f) => topics.subscribe(['selection'], f), () => topics.version('selection'))`.
 */

export type Topic =
  | 'annotations' // states of the frame, or objects elsewhere
  | 'frame' // another frame is shown
  | 'player' // playing, loading, speed, failure
  | 'selection' // active or selected objects
  | 'camera'
  | 'settings' // settings, filter, z layer, workspace, shortcuts
  | 'tool' // path of the statechart
  | 'drawing' // what the next drawing will be
  | 'history' // undo, redo
  | 'overlay'; // everything that is drawn on top: previews, handles, cursor

export class Topics {
  private readonly versions = new Map<Topic, number>();
  private readonly listeners = new Map<() => void, ReadonlySet<Topic>>();

  /** Number of changes so far. */
  version(topic: Topic): number {
    return this.versions.get(topic) ?? 0;
  }

  /** Call `listener` after each change of one of the topics; returns the function that ends it. */
  subscribe(topics: readonly Topic[], listener: () => void): () => void {
    // A function of its own, so that one listener may subscribe twice.
    const own = () => listener();
    this.listeners.set(own, new Set(topics));
    return () => {
      this.listeners.delete(own);
    };
  }

  changed(topic: Topic): void {
    this.versions.set(topic, this.version(topic) + 1);
    for (const [listener, topics] of [...this.listeners]) {
      if (topics.has(topic)) listener();
    }
  }
}
