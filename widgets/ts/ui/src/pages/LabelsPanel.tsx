/** The labels of a stored project or task: changes are sent at once. */

import { Tags } from 'lucide-react';
import { useMemo } from 'react';
import { LoadError, ProgressBar } from '../components';
import { announceChange } from '../data/freshness';
import { useLoad } from '../data/useLoad';
import { draftLabels, type LabelDraft, LabelsEditor, labelChanges, Swatch } from '../labels';
import { usePages } from './context';
import { Panel } from './PageShell';

interface LabelsPanelProps {
  of: { kind: 'project' | 'task'; id: number };
}

export function LabelsPanel({ of }: LabelsPanelProps) {
  const { api } = usePages();
  const labels = useLoad(`labels ${of.kind} ${of.id}`, () => api.labels(of));
  const drafts = useMemo(() => draftLabels(labels.data ?? []), [labels.data]);
  const send = async (next: LabelDraft[]) => {
    const changes = labelChanges(labels.data ?? [], next);
    if (changes.length === 0) return;
    const patch = { labels: changes };
    await (of.kind === 'project' ? api.updateProject(of.id, patch) : api.updateTask(of.id, patch));
    labels.set(await api.labels(of));
    announceChange();
  };
  return (
    <Panel title={<PanelTitle />}>
      {labels.error ? (
        <LoadError what="the labels" error={labels.error} onRetry={labels.reload} />
      ) : labels.data ? (
        <LabelsEditor labels={drafts} onChange={send} />
      ) : (
        <ProgressBar value={null} label="Loading the labels" />
      )}
    </Panel>
  );
}

/** The labels of a task that come from its project: shown, but changed there. */
export function InheritedLabels({ taskId, projectId }: { taskId: number; projectId: number }) {
  const { api, navigate } = usePages();
  const labels = useLoad(`labels task ${taskId}`, () => api.labels({ kind: 'task', id: taskId }));
  return (
    <Panel
      title={<PanelTitle />}
      end={
        <button
          type="button"
          className="cvl-link"
          onClick={() => navigate({ page: 'project', id: projectId })}
        >
          Change in the project
        </button>
      }
    >
      {labels.error ? (
        <LoadError what="the labels" error={labels.error} onRetry={labels.reload} />
      ) : (
        <div className="cvl-label-chips">
          {(labels.data ?? []).map((label) => (
            <span key={label.id} className="cvl-label-chip">
              <span className="cvl-label-chip-name">
                <Swatch color={label.color} />
                {label.name}
              </span>
            </span>
          ))}
        </div>
      )}
    </Panel>
  );
}

function PanelTitle() {
  return (
    <>
      <Tags size={15} aria-hidden /> Labels
    </>
  );
}
