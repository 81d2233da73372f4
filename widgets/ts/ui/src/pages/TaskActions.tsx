/** What can be done with a task as a whole. */

import type { TaskRead } from '@cvat-lab/schema';
import { Archive, Download, FolderInput, Trash2, Upload } from 'lucide-react';
import { useState } from 'react';
import { ConfirmDialog, Menu, type MenuItem } from '../components';
import { usePages } from './context';
import { bugTrackerItem } from './JobActions';
import { MoveTaskDialog } from './move/MoveTaskDialog';
import { BackupDialog } from './transfers/BackupDialog';
import { ExportDialog } from './transfers/ExportDialog';
import { ImportDialog } from './transfers/ImportDialog';
import { useChange } from './useChange';

interface TaskActionsProps {
  task: TaskRead;
  compact?: boolean;
  /** Called when the task is gone. */
  onDeleted?: () => void;
}

export function TaskActions({ task, compact, onDeleted }: TaskActionsProps) {
  const [dialog, setDialog] = useState<'export' | 'import' | 'backup' | 'move' | 'delete' | null>(null);
  const of = { kind: 'task', id: task.id } as const;
  const close = () => setDialog(null);
  const name = `task “${task.name}”`;
  const items: MenuItem[] = [
    { label: 'Upload annotations', icon: Upload, onSelect: () => setDialog('import') },
    { label: 'Export task dataset', icon: Download, onSelect: () => setDialog('export') },
    { label: 'Backup task', icon: Archive, onSelect: () => setDialog('backup') },
    ...(task.project_id === null
      ? [{ label: 'Move to project', icon: FolderInput, onSelect: () => setDialog('move') }]
      : []),
    ...(task.bug_tracker ? [bugTrackerItem(task.bug_tracker)] : []),
    { label: 'Delete', icon: Trash2, onSelect: () => setDialog('delete'), danger: true, separated: true },
  ];
  return (
    <>
      <Menu label={compact ? `Actions of task ${task.id}` : 'Actions'} compact={compact} items={items} />
      {dialog === 'export' && <ExportDialog {...{ of, name }} dimension={task.dimension} onClose={close} />}
      {dialog === 'import' && (
        <ImportDialog into={of} name={name} dimension={task.dimension} onClose={close} />
      )}
      {dialog === 'backup' && <BackupDialog {...{ of, name }} onClose={close} />}
      {dialog === 'move' && <MoveTaskDialog task={task} onClose={close} />}
      {dialog === 'delete' && <DeleteTask task={task} onDeleted={onDeleted} onClose={close} />}
    </>
  );
}

interface DeleteTaskProps {
  task: TaskRead;
  onDeleted?: () => void;
  onClose: () => void;
}

function DeleteTask({ task, onDeleted, onClose }: DeleteTaskProps) {
  const { api } = usePages();
  const change = useChange();
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    // The page of the task must be left before it is told to load the task again.
    const remove = () => api.deleteTask(task.id).then(onDeleted);
    await change(`delete task #${task.id}`, remove);
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Delete task #${task.id}?`}
      action="Delete"
      danger
      busy={busy}
      onConfirm={confirm}
      onCancel={onClose}
    >
      “{task.name}” is deleted with its media, its jobs and all annotations. This cannot be undone.
    </ConfirmDialog>
  );
}
