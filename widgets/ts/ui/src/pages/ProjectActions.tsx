/** What can be done with a project as a whole. */

import type { ProjectRead } from '@cvat-lab/schema';
import { Archive, Download, Trash2, Upload } from 'lucide-react';
import { useState } from 'react';
import { ConfirmDialog, Menu, type MenuItem } from '../components';
import { formatCount } from '../format';
import { usePages } from './context';
import { BackupDialog } from './transfers/BackupDialog';
import { ExportDialog } from './transfers/ExportDialog';
import { ImportDialog } from './transfers/ImportDialog';
import { useChange } from './useChange';

interface ProjectActionsProps {
  project: ProjectRead;
  compact?: boolean;
  /** Called when the project is gone. */
  onDeleted?: () => void;
}

export function ProjectActions({ project, compact, onDeleted }: ProjectActionsProps) {
  const [dialog, setDialog] = useState<'export' | 'import' | 'backup' | 'delete' | null>(null);
  const of = { kind: 'project', id: project.id } as const;
  const close = () => setDialog(null);
  const name = `project “${project.name}”`;
  const dimension = project.dimension ?? '2d';
  const items: MenuItem[] = [
    { label: 'Export dataset', icon: Download, onSelect: () => setDialog('export') },
    { label: 'Import dataset', icon: Upload, onSelect: () => setDialog('import') },
    { label: 'Backup project', icon: Archive, onSelect: () => setDialog('backup') },
    { label: 'Delete', icon: Trash2, onSelect: () => setDialog('delete'), danger: true, separated: true },
  ];
  return (
    <>
      <Menu
        label={compact ? `Actions of project ${project.id}` : 'Actions'}
        compact={compact}
        items={items}
      />
      {dialog === 'export' && <ExportDialog {...{ of, name, dimension }} onClose={close} />}
      {dialog === 'import' && <ImportDialog into={of} {...{ name, dimension }} onClose={close} />}
      {dialog === 'backup' && <BackupDialog {...{ of, name }} onClose={close} />}
      {dialog === 'delete' && <DeleteProject project={project} onDeleted={onDeleted} onClose={close} />}
    </>
  );
}

interface DeleteProjectProps {
  project: ProjectRead;
  onDeleted?: () => void;
  onClose: () => void;
}

function DeleteProject({ project, onDeleted, onClose }: DeleteProjectProps) {
  const { api } = usePages();
  const change = useChange();
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    // The page of the project must be left before it is told to load the project again.
    const remove = () => api.deleteProject(project.id).then(onDeleted);
    await change(`delete project #${project.id}`, remove);
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Delete project #${project.id}?`}
      action="Delete"
      danger
      busy={busy}
      onConfirm={confirm}
      onCancel={onClose}
    >
      “{project.name}” is deleted with its {formatCount(project.tasks.count, 'task')}, their media, jobs and
      all annotations. This cannot be undone.
    </ConfirmDialog>
  );
}
