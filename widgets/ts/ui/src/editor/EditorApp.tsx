/** The editor from its first moment: opening, failed, open. */

import { ImageOff } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import { EmptyState, LayerProvider, LoadError, Spinner, ToastProvider } from '../components';
import { EditorView } from './EditorView';
import type { EditorController } from './session/EditorController';
import { NoFramesError } from './session/EditorSession';
import { useFullscreenElement } from './useFullscreen';

export function EditorApp({ controller }: { controller: EditorController }) {
  const state = useSyncExternalStore(controller.subscribe, () => controller.state);
  const [root, setRoot] = useState<HTMLElement | null>(null);
  // In full screen only what is inside of the element can be seen.
  const isFullscreen = useFullscreenElement() === root && root !== null;
  return (
    <LayerProvider home={isFullscreen ? root : undefined}>
      <ToastProvider>
        <section
          ref={setRoot}
          className="cvl-ed"
          aria-label={`Job ${controller.options.jobId}`}
          tabIndex={-1}
        >
          {state.step === 'open' && root ? (
            <EditorView session={state.session} controller={controller} root={root} />
          ) : (
            <div className="cvl-ed-opening">
              {state.step === 'failed' ? (
                <OpeningError error={state.error} controller={controller} />
              ) : (
                <p>
                  <Spinner /> Opening job #{controller.options.jobId}…
                </p>
              )}
            </div>
          )}
        </section>
      </ToastProvider>
    </LayerProvider>
  );
}

function OpeningError({ error, controller }: { error: unknown; controller: EditorController }) {
  const { jobId } = controller.options;
  if (!(error instanceof NoFramesError))
    return <LoadError what={`job #${jobId}`} error={error} onRetry={controller.retry} />;
  return (
    <EmptyState icon={ImageOff} title={`Job #${jobId} has no frames to show`}>
      The task has no media yet, or all frames of this job are deleted.
    </EmptyState>
  );
}
