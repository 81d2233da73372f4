/** The annotation guide of a project or task: written, looked at, kept. */

import type { GuideOwner } from '@cvat-lab/client';
import { LoadError, ProgressBar } from '../../components';
import { useLoad } from '../../data/useLoad';
import { usePages } from '../context';
import { Page } from '../PageShell';
import { GuideEditor } from './GuideEditor';

export function GuidePage({ kind, id }: GuideOwner) {
  const { api, navigate } = usePages();
  const guide = useLoad(`guide of ${kind} ${id}`, async (signal) => {
    const { name, guide_id } = await (kind === 'project' ? api.project(id) : api.task(id));
    return { name, stored: guide_id === null ? null : await api.guides.read(guide_id, signal) };
  });
  const crumbs = [
    kind === 'project'
      ? { label: 'Projects', onOpen: () => navigate({ page: 'projects' }) }
      : { label: 'Tasks', onOpen: () => navigate({ page: 'tasks' }) },
    { label: guide.data?.name ?? `#${id}`, onOpen: () => navigate({ page: kind, id }) },
    { label: 'Guide' },
  ];
  return (
    <Page crumbs={crumbs} title={<h2>Annotation guide</h2>}>
      {guide.error ? (
        <LoadError what={`the guide of ${kind} #${id}`} error={guide.error} onRetry={guide.reload} />
      ) : guide.data ? (
        <GuideEditor owner={{ kind, id }} stored={guide.data.stored} />
      ) : (
        <ProgressBar value={null} label="Loading the guide" />
      )}
    </Page>
  );
}
