/** A list of functions to call when something happens. */
export class Emitter<Payload = void> {
  private readonly listeners = new Set<(payload: Payload) => void>();

  /** Add a listener; returns the function that removes it. */
  on(listener: (payload: Payload) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  emit(payload: Payload): void {
    for (const listener of this.listeners) listener(payload);
  }
}
