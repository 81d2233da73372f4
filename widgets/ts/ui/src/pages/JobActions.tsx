/** What can be done with a job as a whole. */

import type { JobRead } from '@cvat-lab/schema';
import { Download, ExternalLink, SquareDashedMousePointer, SquarePen, Upload } from 'lucide-react';
import { useState } from 'react';
import { Menu, type MenuItem } from '../components';
import { usePages } from './context';
import { ExportDialog } from './transfers/ExportDialog';
import { ImportDialog } from './transfers/ImportDialog';

interface JobActionsProps {
  job: JobRead;
  compact?: boolean;
}

export function JobActions({ job, compact }: JobActionsProps) {
  const { navigate, openJob } = usePages();
  const [dialog, setDialog] = useState<'export' | 'import' | null>(null);
  const of = { kind: 'job', id: job.id } as const;
  const items: MenuItem[] = [
    { label: 'Open', icon: SquarePen, onSelect: () => openJob(job.id) },
    {
      label: 'Go to the task',
      icon: SquareDashedMousePointer,
      onSelect: () => navigate({ page: 'task', id: job.task_id }),
    },
    ...(job.bug_tracker ? [bugTrackerItem(job.bug_tracker)] : []),
    { label: 'Upload annotations', icon: Upload, onSelect: () => setDialog('import'), separated: true },
    { label: 'Export annotations', icon: Download, onSelect: () => setDialog('export') },
  ];
  return (
    <>
      <Menu label={compact ? `Actions of job ${job.id}` : 'Actions'} compact={compact} items={items} />
      {dialog === 'export' && (
        <ExportDialog
          of={of}
          name={`job #${job.id}`}
          dimension={job.dimension}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'import' && (
        <ImportDialog
          into={of}
          name={`job #${job.id}`}
          dimension={job.dimension}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  );
}

export function bugTrackerItem(url: string): MenuItem {
  return {
    label: 'Open bug tracker',
    icon: ExternalLink,
    onSelect: () => window.open(url, '_blank', 'noopener,noreferrer'),
  };
}
