import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { FakeServer } from '../testing/FakeServer';
import { MarkdownView } from './MarkdownView';

describe('Markdown', () => {
  it('is text, and nothing but text, where nobody renders it', async () => {
    const hostile = '<img src=x onerror="globalThis.hit = 1"><script>globalThis.hit = 1</script>';
    const { container } = render(<MarkdownView api={new FakeServer().api} markdown={hostile} />);
    expect((await screen.findByText(hostile)).tagName).toBe('PRE');
    expect(container.querySelector('img, script')).toBeNull();
  });
});
