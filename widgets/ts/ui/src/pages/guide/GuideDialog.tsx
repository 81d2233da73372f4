/** Shows a guide to those who annotate. */

import { Button, Dialog, LoadError, ProgressBar } from '../../components';
import { useLoad } from '../../data/useLoad';
import { MarkdownView } from '../../markdown/MarkdownView';
import { usePages } from '../context';

interface GuideDialogProps {
  guideId: number;
  onClose: () => void;
}

export function GuideDialog({ guideId, onClose }: GuideDialogProps) {
  const { api } = usePages();
  const guide = useLoad(`guide ${guideId}`, (signal) => api.guides.read(guideId, signal));
  return (
    <Dialog
      title="Annotation guide"
      size="wide"
      onClose={onClose}
      onSubmit={onClose}
      foot={
        <Button type="submit" kind="primary" data-autofocus>
          Close
        </Button>
      }
    >
      {guide.error ? (
        <LoadError what="the guide" error={guide.error} onRetry={guide.reload} />
      ) : guide.data ? (
        <MarkdownView api={api} markdown={guide.data.markdown} />
      ) : (
        <ProgressBar value={null} label="Loading the guide" />
      )}
    </Dialog>
  );
}
