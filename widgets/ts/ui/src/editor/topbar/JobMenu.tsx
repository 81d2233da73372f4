/** What can be done with the job as a whole. */

import type { JobPatch, JobState } from '@cvat-lab/schema';
import {
  BookOpenText,
  Circle,
  CircleCheckBig,
  CircleDot,
  Download,
  Eraser,
  ExternalLink,
  Menu as MenuIcon,
  X,
} from 'lucide-react';
import { Menu, type MenuItem, useToasts } from '../../components';
import { announceChange } from '../../data/freshness';
import { STATES } from '../../pages/jobFields';
import { type EditorContextValue, useEditorContext } from '../hooks';

export function JobMenu() {
  const context = useEditorContext();
  const toasts = useToasts();
  const { session, options, job, openDialog } = context;
  const fail = (title: string) => (error: unknown) => toasts.fail(title, error);
  const openExport = () =>
    session.sync
      .flush()
      .then(() => openDialog({ type: 'export' }))
      .catch(fail('Cannot export: the job is not saved'));
  const change = (patch: JobPatch) =>
    changeJob(context, patch)
      .then(() => toasts.say(`Job #${job.id} is ${patch.state} now.`, 'good'))
      .catch(fail(`Cannot change job #${job.id}`));
  const items: MenuItem[] = [
    ...(job.guide_id === null
      ? []
      : [
          {
            label: 'Annotation guide',
            icon: BookOpenText,
            onSelect: () => openDialog({ type: 'guide', guideId: job.guide_id! }),
          },
        ]),
    { label: 'Export job dataset…', icon: Download, onSelect: openExport },
    {
      label: 'Remove annotations…',
      icon: Eraser,
      disabled: session.editor.isReadonly,
      onSelect: () => openDialog({ type: 'remove-annotations' }),
    },
    ...(options.onOpenTask
      ? [
          {
            label: `Open task #${job.task_id}`,
            icon: ExternalLink,
            onSelect: () => options.onOpenTask?.(job.task_id),
          },
        ]
      : []),
    ...STATES.map(({ value, label }, i) => ({
      label: `State: ${label.toLowerCase()}`,
      icon: value === job.state ? CircleDot : Circle,
      separated: i === 0,
      onSelect: () => change({ state: value as JobState }),
    })),
    {
      label: 'Finish the job',
      icon: CircleCheckBig,
      separated: true,
      onSelect: () => change({ stage: 'acceptance', state: 'completed' }),
    },
    ...(options.onClose
      ? [{ label: 'Close', icon: X, separated: true, onSelect: () => options.onClose?.() }]
      : []),
  ];
  return <Menu label="Menu of the job" icon={MenuIcon} compact align="start" items={items} />;
}

/** A job that is handed on must be complete: everything is saved first. */
async function changeJob({ session, job, setJob }: EditorContextValue, patch: JobPatch): Promise<void> {
  await session.sync.flush();
  setJob(await session.api.updateJob(job.id, patch));
  announceChange();
}
