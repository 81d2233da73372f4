/**
 * The write-ahead journal: changes are kept in the browser from before they are sent until the server has acknowledged
 * them, so that neither a crash nor a lost connection loses any.
 *
 * Entries belong to a *scope* (one job of one server, for one user) and to a *session* (one open editor). Where IndexedDB
 * is missing or fails (private windows, full disks) entries live in memory and `durable` says so.
 */

import type { ChangeSet, JobRead } from '@cvat-lab/schema';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

export interface JournalEntry {
  id: string;
  scope: string;
  session: string;
  /**
   * A session has at most two entries: the change set that was sent and not acknowledged yet, which the server may have
   * seen and which has to stay as it is, and everything after it.
   */
  sent: boolean;
  change: ChangeSet;
  /** Milliseconds since 1970. */
  time: number;
}

/**
 * Name of the place that changes belong to.
 *
 * Two workspaces can be served at one address, one after the other, and both have a job 1: the time of creation tells
 * them apart.
 *
 * @param server address of the server
 */
export function journalScope(
  server: string,
  user: string,
  job: Pick<JobRead, 'id' | 'created_date'>,
): string {
  return JSON.stringify([server, user, job.id, job.created_date]);
}

interface JournalDb extends DBSchema {
  entries: { key: string; value: JournalEntry; indexes: { scope: string } };
}

const DATABASE = 'cvat-lab-journal';
const STORE = 'entries';

export class Journal {
  private database: IDBPDatabase<JournalDb> | null;
  private readonly memory = new Map<string, JournalEntry>();

  private constructor(database: IDBPDatabase<JournalDb> | null) {
    this.database = database;
  }

  /** Open the journal of this browser. Never fails: without IndexedDB it is kept in memory. */
  static async open(name = DATABASE): Promise<Journal> {
    try {
      return new Journal(await openDatabase(name));
    } catch (error) {
      console.warn(
        'cvat_lab: unsaved changes cannot be kept in this browser, IndexedDB is not available.',
        error,
      );
      return new Journal(null);
    }
  }

  /** Whether entries survive a crash of the page. */
  get durable(): boolean {
    return this.database !== null;
  }

  /** Write some entries and remove others, all or nothing. */
  async write(entries: JournalEntry[], removed: string[] = []): Promise<void> {
    for (const entry of entries) this.memory.set(entry.id, entry);
    for (const id of removed) this.memory.delete(id);
    await this.attempt(async (database) => {
      const { store, done } = database.transaction(STORE, 'readwrite');
      await Promise.all([
        ...entries.map((entry) => store.put(entry)),
        ...removed.map((id) => store.delete(id)),
        done,
      ]);
    });
  }

  /** The entries of a scope, of all sessions: session by session, what was sent first. */
  async list(scope: string): Promise<JournalEntry[]> {
    const stored = await this.attempt((database) => database.getAllFromIndex(STORE, 'scope', scope));
    const entries = stored ?? [...this.memory.values()].filter((entry) => entry.scope === scope);
    return entries.sort((a, b) => a.session.localeCompare(b.session) || Number(b.sent) - Number(a.sent));
  }

  close(): void {
    this.database?.close();
  }

  /** Run `work` on the database; when it fails, carry on in memory. */
  private async attempt<T>(work: (database: IDBPDatabase<JournalDb>) => Promise<T>): Promise<T | undefined> {
    if (!this.database) return undefined;
    try {
      return await work(this.database);
    } catch (error) {
      console.warn('cvat_lab: the journal of unsaved changes failed, they are kept in memory only.', error);
      this.database.close();
      this.database = null;
      return undefined;
    }
  }
}

function openDatabase(name: string): Promise<IDBPDatabase<JournalDb>> {
  return openDB<JournalDb>(name, 1, {
    upgrade: (database) => {
      database.createObjectStore(STORE, { keyPath: 'id' }).createIndex('scope', 'scope');
    },
  });
}
