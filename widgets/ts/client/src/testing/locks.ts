/** The part of the Web Locks API that sessions need, for Node. For tests. */

export class TestLocks {
  private readonly held = new Set<string>();

  async request(name: string, work: () => Promise<void>): Promise<void> {
    this.held.add(name);
    await work();
    this.held.delete(name);
  }

  async query(): Promise<LockManagerSnapshot> {
    return { held: [...this.held].map((name) => ({ name })), pending: [] };
  }
}
