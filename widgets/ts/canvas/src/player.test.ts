import { describe, expect, it } from 'vitest';
import { Player } from './player';
import { settle, TestClock, TestFrames } from './testing/TestEditor';

const FRAMES = [0, 1, 2, 5, 6];

function open(source = new TestFrames(), speed = 10) {
  const shown: number[] = [];
  const clock = new TestClock();
  const player = new Player({
    frames: FRAMES,
    source,
    clock,
    speed: () => speed,
    onShow: (frame) => shown.push(frame),
    onChange: () => undefined,
  });
  return { player, shown, clock, source };
}

/** Frames that arrive when the test says so. */
class SlowFrames extends TestFrames {
  private readonly waiting = new Map<number, () => void>();

  arrive(frame: number): Promise<void> {
    this.waiting.get(frame)!();
    return settle();
  }

  protected override load(frame: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.set(frame, resolve);
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  }
}

describe('Player', () => {
  it('steps over holes and stops at the ends', async () => {
    const { player, shown } = open();
    await player.goTo(2);
    await player.step(1);
    await player.step(10);
    await player.step(1);
    await player.step(-100);
    expect(shown).toEqual([2, 5, 6, 0]);
  });

  it('refuses frames that are not in the job', async () => {
    const { player } = open();
    await expect(player.goTo(3)).rejects.toThrow('Frame 3 is not in this job; its frames are 0 to 6.');
  });

  it('shows a frame when its image is there, and only the last one asked for', async () => {
    const source = new SlowFrames();
    const { player, shown } = open(source);
    void player.goTo(0);
    await source.arrive(0);
    void player.step(1);
    void player.step(1);
    expect(player).toMatchObject({ frame: 0, target: 2, isLoading: true });
    await source.arrive(2);
    expect(shown).toEqual([0, 2]);
    expect(player).toMatchObject({ frame: 2, isLoading: false });
  });

  it('gives every image back, the one that is shown at the end', async () => {
    const { player, source } = open();
    await player.goTo(0);
    await player.goTo(5);
    expect([...source.loans]).toEqual([[5, 1]]);
    player.destroy();
    expect(source.loans.size).toBe(0);
  });

  it('plays every frame in time and stops at the last one', async () => {
    const { player, shown, clock } = open();
    await player.goTo(0);
    player.play();
    await clock.pass(150);
    expect(shown).toEqual([0, 1]);
    await clock.pass(1000);
    expect(shown).toEqual(FRAMES);
    expect(player).toMatchObject({ isPlaying: false, lateFrames: 0 });
  });

  it('waits for late images, drops none and counts them', async () => {
    const source = new SlowFrames();
    const { player, shown, clock } = open(source);
    void player.goTo(0);
    await source.arrive(0);
    player.play();
    await clock.pass(350);
    expect(shown).toEqual([0]);
    await source.arrive(1);
    await clock.pass(0);
    await source.arrive(2);
    await clock.pass(100);
    expect(shown).toEqual([0, 1, 2]);
    expect(player.lateFrames).toBe(1);
  });

  it('a new playing is not stopped by the end of an old one', async () => {
    const { player, clock } = open();
    await player.goTo(0);
    player.play();
    player.pause();
    player.play();
    await clock.pass(50);
    expect(player.isPlaying).toBe(true);
    await clock.pass(5000);
    expect(player.frame).toBe(6);
  });

  it('says why a frame cannot be shown, and goes on afterwards', async () => {
    class Broken extends TestFrames {
      protected override async load(frame: number): Promise<void> {
        if (frame === 1) throw new Error('404');
      }
    }
    const { player, shown } = open(new Broken());
    await player.goTo(0);
    await player.goTo(1);
    expect(player.failure?.message).toBe('Frame 1 cannot be shown: 404');
    expect(player).toMatchObject({ frame: 0, isLoading: false });
    await player.goTo(2);
    expect(player.failure).toBeNull();
    expect(shown).toEqual([0, 2]);
  });

  it('tells the source what comes next', async () => {
    const expected: (readonly number[])[] = [];
    const source = Object.assign(new TestFrames(), {
      expect: ({ upcoming }: { upcoming: readonly number[] }) => expected.push(upcoming),
    });
    const { player } = open(source);
    await player.goTo(2);
    await player.step(-1);
    expect(expected).toEqual([[5, 6], [0]]);
  });

  it('leaves a frame that was deleted', async () => {
    const { player } = open();
    await player.goTo(2);
    player.setFrames([0, 1, 5, 6]);
    await settle();
    expect(player.frame).toBe(5);
  });
});
