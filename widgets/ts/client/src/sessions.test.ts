import { afterEach, describe, expect, it, vi } from 'vitest';
import { holdSession, openSessions } from './sessions';
import { TestLocks } from './testing/locks';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe.each(['with locks', 'without locks'])('sessions %s', (kind) => {
  it('are open from hold to release', async () => {
    vi.stubGlobal('navigator', kind === 'with locks' ? { locks: new TestLocks() } : {});
    expect([...(await openSessions())]).toEqual([]);
    const ends = ['a', 'b'].map(holdSession);
    expect([...(await openSessions())].sort()).toEqual(['a', 'b']);
    ends[0]!();
    await Promise.resolve();
    expect([...(await openSessions())]).toEqual(['b']);
    ends[1]!();
  });
});
