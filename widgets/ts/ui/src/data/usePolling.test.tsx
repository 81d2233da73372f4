import { cleanup, render } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setInSight } from '../testing/sight';
import { usePolling } from './usePolling';

const PERIOD = 1000;
let reload: ReturnType<typeof vi.fn<() => void>>;

function Page({ active }: { active: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  usePolling(place, active, reload, PERIOD);
  return <div ref={place} />;
}

function setVisibility(state: DocumentVisibilityState): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  vi.useFakeTimers();
  reload = vi.fn();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('polling', () => {
  it('goes on while something runs, and ends with it', () => {
    const { rerender } = render(<Page active />);
    vi.advanceTimersByTime(3 * PERIOD);
    expect(reload).toHaveBeenCalledTimes(3);
    rerender(<Page active={false} />);
    vi.advanceTimersByTime(3 * PERIOD);
    expect(reload).toHaveBeenCalledTimes(3);
  });

  it('rests out of sight, and asks at once when it is seen again', () => {
    render(<Page active />);
    setInSight(false);
    vi.advanceTimersByTime(5 * PERIOD);
    expect(reload).not.toHaveBeenCalled();
    setInSight(true);
    expect(reload).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(PERIOD);
    expect(reload).toHaveBeenCalledTimes(2);
  });

  it('rests while the window is in the background', () => {
    render(<Page active />);
    setVisibility('hidden');
    vi.advanceTimersByTime(5 * PERIOD);
    expect(reload).not.toHaveBeenCalled();
    setVisibility('visible');
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('ends with the page', () => {
    const { unmount } = render(<Page active />);
    unmount();
    vi.advanceTimersByTime(5 * PERIOD);
    expect(reload).not.toHaveBeenCalled();
  });
});
