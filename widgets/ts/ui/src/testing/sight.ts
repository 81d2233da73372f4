/** Elements that come into sight and go out of it: jsdom lays nothing out, so tests say what can be seen. */

const observers = new Set<FakeIntersectionObserver>();

class FakeIntersectionObserver implements IntersectionObserver {
  readonly root = null;
  readonly rootMargin = '';
  readonly scrollMargin = '';
  readonly thresholds = [];

  constructor(private readonly callback: IntersectionObserverCallback) {}

  observe(): void {
    observers.add(this);
  }

  unobserve(): void {
    this.disconnect();
  }

  disconnect(): void {
    observers.delete(this);
  }

  takeRecords(): IntersectionObserverEntry[] {
    return [];
  }

  tell(isIntersecting: boolean): void {
    this.callback([{ isIntersecting } as IntersectionObserverEntry], this);
  }
}

globalThis.IntersectionObserver ??= FakeIntersectionObserver;

/** Let every observed element be on the screen, or not. */
export function setInSight(seen: boolean): void {
  for (const observer of [...observers]) observer.tell(seen);
}
