import { describe, expect, it } from 'vitest';
import { formatAge, formatBytes, formatCount } from './format';

describe('numbers and dates in words', () => {
  it('ages', () => {
    const now = Date.parse('2026-11-23T12:00:00Z');
    expect(formatAge('2026-11-23T11:59:50Z', now)).toBe('just now');
    expect(formatAge('2026-11-23T09:00:00Z', now)).toBe('3 hours ago');
    expect(formatAge('2026-11-22T11:00:00Z', now)).toBe('yesterday');
    expect(formatAge('2024-11-01T12:00:00Z', now)).toBe('2 years ago');
  });

  it('sizes', () => {
    expect([0, 999, 1000, 3_420_000, 250_000_000].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '3.4 MB',
      '250 MB',
    ]);
  });

  it('counts', () => {
    expect([formatCount(1, 'frame'), formatCount(1200, 'frame')]).toEqual(['1 frame', '1,200 frames']);
  });
});
