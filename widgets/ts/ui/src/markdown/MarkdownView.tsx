/** Markdown as it is read. */

import type { Api } from '@cvat-lab/client';
import { useEffect, useRef, useState } from 'react';
import { describeError, isCancelled, Notice } from '../components';
import { loadAssets } from './assets';
import { renderMarkdown } from './renderer';

interface MarkdownViewProps {
  /** Where the images of the text are. */
  api: Api;
  markdown: string;
}

export function MarkdownView({ api, markdown }: MarkdownViewProps) {
  const place = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    const abort = new AbortController();
    const cleanups: (() => void)[] = [];
    const show = async () => {
      const assets = await loadAssets(api, markdown, abort.signal);
      cleanups.push(assets.release);
      const rendered = await renderMarkdown(assets.markdown);
      cleanups.push(rendered.dispose);
      if (abort.signal.aborted) return;
      place.current?.replaceChildren(rendered.node);
      setProblem(null);
    };
    const clean = () => {
      for (const cleanup of cleanups.splice(0)) cleanup();
    };
    const shown = show().catch((error) => {
      if (!isCancelled(error)) setProblem(error);
    });
    return () => {
      abort.abort();
      void shown.then(clean);
    };
  }, [api, markdown]);
  return (
    <>
      {problem !== null && <Notice tone="bad">{describeError(problem)}</Notice>}
      <div ref={place} className="cvl-markdown" />
    </>
  );
}
