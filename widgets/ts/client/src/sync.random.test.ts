import { describe, expect, it, vi } from 'vitest';
import { crash, edit, journal, SCOPE, saved } from './testing/editors';
import { JobServer } from './testing/jobServer';

describe('whatever happens', () => {
  /** A small generator, so that a failing seed fails again. */
  function random(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'annotators end with one state, and every value written exactly once (seed %i)',
    async (seed) => {
      const pick = random(seed);
      const server = new JobServer();
      const editors = [await edit(server), await edit(server)];
      let value = 0;
      /** Values that nobody changed or deleted since: they must be there at the end. */
      const expected = new Set<number>();
      for (let round = 0; round < 60; round++) {
        const who = pick(2);
        const { document } = editors[who]!;
        const faults = [undefined, undefined, 'lost-request', 'lost-answer'] as const;
        server.transport.faults.push(faults[pick(4)]);
        const names = [...document.values.keys()];
        const action = pick(10);
        if (action < 5 || names.length === 0) {
          document.add(++value);
          expected.add(value);
        } else {
          const name = names[pick(names.length)]!;
          expected.delete(document.values.get(name)!);
          if (action < 8) document.edit(name, ++value);
          else document.remove(name);
        }
        if (pick(3) === 0) await new Promise((resolve) => setTimeout(resolve, pick(8)));
        if (pick(12) === 0) {
          await crash(editors[who]!);
          editors[who] = await vi.waitFor(() => edit(server), { timeout: 3000, interval: 5 });
        }
      }
      server.transport.faults.length = 0;
      for (const { sync } of editors) await saved(sync);
      for (const { sync } of editors) await sync.pull();
      expect(editors[0]!.document.contents).toEqual(server.contents);
      expect(editors[1]!.document.contents).toEqual(server.contents);
      expect(new Set(server.contents).size).toBe(server.contents.length);
      for (const written of expected) expect(server.contents).toContain(written);
      expect(await journal.list(SCOPE)).toEqual([]);
    },
    20_000,
  );
});
