/**
 * What becomes of unsaved changes after a crash: runs before a job is opened.
 *
 * A change set that was already sent is sent again as it was. If the server had applied it, it says so and nothing is done
 * twice. All the rest is handed to the editor, which makes the edits again on top of what is there now.
 */

import type { Api } from './api';
import { emptyIdMap, joinChanges, learnIds, sizeOf, translateIds, wireForm } from './changes';
import { ApiError } from './errors';
import type { Journal, JournalEntry } from './journal';
import { openSessions } from './sessions';

/**
 * Settle what earlier sessions left in the journal.
 *
 * @returns entries for `JobSync.start`; they stay in the journal until it has taken them in
 * @throws NetworkError when the server cannot be reached; the journal is as it was
 */
export async function recoverChanges(
  api: Pick<Api, 'sendChanges'>,
  journal: Journal,
  scope: string,
  jobId: number,
): Promise<JournalEntry[]> {
  const entries = await journal.list(scope);
  if (entries.length === 0) return [];
  const open = await openSessions();
  const left: JournalEntry[] = [];
  for (const session of new Set(entries.map((entry) => entry.session))) {
    if (open.has(session)) continue;
    const own = entries.filter((entry) => entry.session === session);
    const rest = await settleSession(api, journal, jobId, own);
    if (rest) left.push(rest);
  }
  return left;
}

/** Send what had been sent, and return what is still to be done. */
async function settleSession(
  api: Pick<Api, 'sendChanges'>,
  journal: Journal,
  jobId: number,
  entries: JournalEntry[],
): Promise<JournalEntry | null> {
  const sent = entries.find((entry) => entry.sent);
  const tail = entries.find((entry) => !entry.sent) ?? null;
  if (!sent) return tail;
  const rest = await settleSent(api, jobId, sent, tail);
  const removed = entries.map(({ id }) => id).filter((id) => id !== rest?.id);
  await journal.write(rest ? [rest] : [], removed);
  return rest;
}

async function settleSent(
  api: Pick<Api, 'sendChanges'>,
  jobId: number,
  sent: JournalEntry,
  tail: JournalEntry | null,
): Promise<JournalEntry | null> {
  const ids = emptyIdMap();
  try {
    learnIds(ids, sent.change, await api.sendChanges(jobId, wireForm(sent.change)));
    return tail && { ...tail, change: translateIds(tail.change, ids) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.temporary) throw error;
    // Not applied: it is one with what came after it.
    const change = tail ? joinChanges(sent.change, tail.change) : sent.change;
    return sizeOf(change) ? { ...sent, sent: false, change } : null;
  }
}
