/**
 * Which editors of this browser are still open.
 *
 * The journal is shared by all tabs. Only entries whose session has ended may be sent by somebody else; two senders would
 * get in each other's way. Open sessions hold a Web Lock, which the browser releases even when a tab crashes. Pages that
 * were not loaded over HTTPS or from localhost have no locks: there, open sessions answer on a broadcast channel.
 */

const PREFIX = 'cvat-lab-session:';
const ANSWER_MS = 300;

type Message = { ask: true } | { alive: string };

/** Announce a session. Returns a function that ends it. */
export function holdSession(session: string): () => void {
  return locks() ? holdLock(session) : answerOnChannel(session);
}

/** The sessions that are open now, in any tab. */
export function openSessions(): Promise<Set<string>> {
  return locks() ? heldLocks() : askOnChannel();
}

function locks(): LockManager | undefined {
  return globalThis.navigator?.locks;
}

function holdLock(session: string): () => void {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  void locks()!.request(PREFIX + session, () => ended);
  return end;
}

async function heldLocks(): Promise<Set<string>> {
  const { held = [], pending = [] } = await locks()!.query();
  const names = [...held, ...pending].map(({ name }) => name ?? '').filter((name) => name.startsWith(PREFIX));
  return new Set(names.map((name) => name.slice(PREFIX.length)));
}

function answerOnChannel(session: string): () => void {
  const channel = new BroadcastChannel(PREFIX);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if ('ask' in data) channel.postMessage({ alive: session } satisfies Message);
  };
  return () => channel.close();
}

async function askOnChannel(): Promise<Set<string>> {
  const alive = new Set<string>();
  const channel = new BroadcastChannel(PREFIX);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if ('alive' in data) alive.add(data.alive);
  };
  channel.postMessage({ ask: true } satisfies Message);
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  channel.close();
  return alive;
}
