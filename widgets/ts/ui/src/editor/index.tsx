/** The annotation editor as hosts see it. */

import type { Api, OpenedJob } from '@cvat-lab/client';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { IconButton, LoadError, ProgressBar } from '../components';
import { useLoad } from '../data/useLoad';
import { addStyles, installStyles } from '../styles/install';
import css from './editor.css';

/** Whether what was drawn is on the server. */
export interface EditorStatus {
  state: 'saved' | 'saving' | 'at-risk';
  detail?: string;
}

export interface EditorOptions {
  api: Api;
  jobId: number;
  /** Frame number within the task to show first; default: the first frame of the job. */
  frame?: number;
  onFrameChange?(frame: number): void;
  onStatus?(status: EditorStatus): void;
  onClose?(): void;
  /** Keys by command id, in place of the default keys. */
  shortcuts?: Record<string, string[]>;
}

export interface EditorHandle {
  /** Resolve when everything that was changed is on the server. */
  flush(): Promise<void>;
  dispose(): void;
  focus(): void;
}

/** Show a job in an element. */
export function mountEditor(element: HTMLElement, options: EditorOptions): EditorHandle {
  installStyles(element);
  addStyles(element, 'editor', css);
  element.classList.add('cvl-root', 'cvl-host');
  const root = createRoot(element);
  root.render(<Viewer {...options} />);
  return {
    flush: () => Promise.resolve(),
    dispose() {
      root.unmount();
      element.classList.remove('cvl-root', 'cvl-host');
    },
    focus: () => element.querySelector<HTMLElement>('.cvl-viewer')?.focus(),
  };
}

function Viewer(options: EditorOptions) {
  const { api, jobId } = options;
  const opened = useLoad(`job ${jobId}`, (signal) => api.openJob(jobId, signal));
  if (opened.error) return <LoadError what={`job #${jobId}`} error={opened.error} onRetry={opened.reload} />;
  if (!opened.data) return <ProgressBar value={null} label={`Loading job #${jobId}`} />;
  return <Frames {...options} opened={opened.data} />;
}

function Frames({ api, jobId, frame: first, onFrameChange, opened }: EditorOptions & { opened: OpenedJob }) {
  const { job, task } = opened;
  const [frame, setFrame] = useState(first ?? job.start_frame);
  const image = useLoad(`frame ${jobId} ${frame}`, (signal) =>
    api.frameImage(jobId, frame, 'display', signal),
  );
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!image.data) return;
    const made = URL.createObjectURL(image.data);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [image.data]);
  const go = (to: number) => {
    setFrame(to);
    onFrameChange?.(to);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the host moves the keyboard focus here
    <section className="cvl-viewer" aria-label={`Job ${jobId}`} tabIndex={0}>
      <header className="cvl-viewer-bar">
        <strong>{task.name}</strong>
        <IconButton
          icon={ChevronLeft}
          label="Previous frame"
          disabled={frame <= job.start_frame}
          onClick={() => go(frame - 1)}
        />
        <span>
          {frame} / {job.stop_frame}
        </span>
        <IconButton
          icon={ChevronRight}
          label="Next frame"
          disabled={frame >= job.stop_frame}
          onClick={() => go(frame + 1)}
        />
      </header>
      {image.error ? <LoadError what={`frame ${frame}`} error={image.error} onRetry={image.reload} /> : null}
      {url && <img className="cvl-viewer-image" src={url} alt={`Frame ${frame}`} />}
    </section>
  );
}
