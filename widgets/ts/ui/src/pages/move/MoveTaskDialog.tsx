/** Moves a task into a project. Labels of the project take the place of its own. */

import type { LabelRead, ProjectRead, TaskRead } from '@cvat-lab/schema';
import { useEffect, useState } from 'react';
import { Button, Dialog, Field, LoadError, Notice, ProgressBar } from '../../components';
import { useLoad } from '../../data/useLoad';
import { usePages } from '../context';
import { ProjectField } from '../ProjectField';
import { useChange } from '../useChange';
import { LabelMapping } from './LabelMapping';
import { type MappedLabel, mappingPatch, mappingProblem, proposeMapping } from './mapping';

interface MoveTaskDialogProps {
  task: TaskRead;
  onClose: () => void;
}

export function MoveTaskDialog({ task, onClose }: MoveTaskDialogProps) {
  const { api } = usePages();
  const change = useChange();
  const [project, setProject] = useState<ProjectRead | null>(null);
  const [mapping, setMapping] = useState<MappedLabel[] | null>(null);
  const [busy, setBusy] = useState(false);
  const ready = mapping?.every((entry) => mappingProblem(entry) === null) ?? false;
  const choose = (next: ProjectRead | null) => {
    setProject(next);
    setMapping(null);
  };
  const move = async () => {
    if (!ready || !project || !mapping) return;
    setBusy(true);
    const labels = mappingPatch(mapping);
    const moved = await change(`move task #${task.id}`, () =>
      api.updateTask(task.id, { project_id: project.id, ...(labels.length && { labels }) }),
    );
    setBusy(false);
    if (moved) onClose();
  };
  return (
    <Dialog
      title={`Move task #${task.id} to a project`}
      onClose={onClose}
      onSubmit={move}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={busy} disabled={!ready}>
            Move
          </Button>
        </>
      }
    >
      <Field label="Project" required hint="The task then uses the labels of the project.">
        {({ id }) => <ProjectField id={id} value={project} onChange={choose} />}
      </Field>
      {project && <ProjectMapping key={project.id} {...{ task, project, mapping }} onChange={setMapping} />}
    </Dialog>
  );
}

interface ProjectMappingProps {
  task: TaskRead;
  project: ProjectRead;
  mapping: MappedLabel[] | null;
  onChange: (mapping: MappedLabel[]) => void;
}

/** Loads the labels of both sides, proposes a mapping, and lets the user change it. */
function ProjectMapping({ task, project, mapping, onChange }: ProjectMappingProps) {
  const { api } = usePages();
  const labels = useLoad(`mapping ${task.id} ${project.id}`, async () => {
    const [mine, theirs] = await Promise.all([
      api.labels({ kind: 'task', id: task.id }),
      api.labels({ kind: 'project', id: project.id }),
    ]);
    return { mine, theirs };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the proposal is made once, when the labels are there
  useEffect(() => {
    if (labels.data && !mapping) onChange(proposeMapping(labels.data.mine, labels.data.theirs));
  }, [labels.data]);
  if (labels.error) return <LoadError what="the labels" error={labels.error} onRetry={labels.reload} />;
  if (!labels.data || !mapping) return <ProgressBar value={null} label="Loading the labels" />;
  return <MappingForm {...{ project, mapping, onChange }} theirs={labels.data.theirs} />;
}

interface MappingFormProps extends Omit<ProjectMappingProps, 'task' | 'mapping'> {
  mapping: MappedLabel[];
  theirs: readonly LabelRead[];
}

function MappingForm({ project, mapping, theirs, onChange }: MappingFormProps) {
  if (mapping.length === 0) return <Notice tone="progress">The task has no labels of its own.</Notice>;
  if (theirs.length === 0)
    return <Notice tone="warn">Project “{project.name}” has no labels yet. Add them there first.</Notice>;
  return <LabelMapping mapping={mapping} theirs={theirs} onChange={onChange} />;
}
