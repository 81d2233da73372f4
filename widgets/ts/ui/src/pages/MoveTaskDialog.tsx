/** Moves a task into a project. Its labels are replaced by the project's labels of the same names. */

import type { LabelRead, ProjectRead, TaskRead } from '@cvat-lab/schema';
import { useState } from 'react';
import { Button, Dialog, Field, Notice, TypeAhead } from '../components';
import { useLoad } from '../data/useLoad';
import { usePages } from './context';
import { useChange } from './useChange';

interface MoveTaskDialogProps {
  task: TaskRead;
  onClose: () => void;
}

export function MoveTaskDialog({ task, onClose }: MoveTaskDialogProps) {
  const { api } = usePages();
  const change = useChange();
  const [project, setProject] = useState<ProjectRead | null>(null);
  const [busy, setBusy] = useState(false);
  const missing = useLoad(`missing ${project?.id ?? ''}`, async () => {
    if (!project) return [];
    const of = { kind: 'project', id: project.id } as const;
    const [mine, theirs] = await Promise.all([api.labels({ kind: 'task', id: task.id }), api.labels(of)]);
    return missingNames(mine, theirs);
  });
  const ready = project !== null && !missing.loading && missing.data?.length === 0;
  const move = async () => {
    if (!ready) return;
    setBusy(true);
    const moved = await change(`move task #${task.id}`, () =>
      api.updateTask(task.id, { project_id: project.id }),
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
        {({ id }) => <ProjectField id={id} value={project} onChange={setProject} />}
      </Field>
      {project && missing.data && missing.data.length > 0 && (
        <Notice tone="warn">
          Project “{project.name}” lacks {missing.data.join(', ')}. Add what is missing to its labels first,
          or annotations would lose it.
        </Notice>
      )}
    </Dialog>
  );
}

interface ProjectFieldProps {
  id?: string;
  value: ProjectRead | null;
  onChange: (project: ProjectRead | null) => void;
}

/** Choosing a project. */
export function ProjectField({ id, value, onChange }: ProjectFieldProps) {
  const { api } = usePages();
  return (
    <TypeAhead<ProjectRead>
      id={id}
      label="Project"
      value={value}
      placeholder="Type to search"
      search={async (text, signal) =>
        (await api.projects({ search: text || undefined, page_size: 8 }, signal)).results
      }
      text={(project) => `#${project.id} ${project.name}`}
      onChange={onChange}
    />
  );
}

/** Labels and attributes that one list has and the other lacks. */
export function missingNames(mine: readonly LabelRead[], theirs: readonly LabelRead[]): string[] {
  return mine.flatMap((label) => {
    const match = theirs.find(({ name }) => name === label.name);
    if (!match) return [`label “${label.name}”`];
    const known = new Set(match.attributes.map(({ name }) => name));
    return label.attributes
      .filter(({ name }) => !known.has(name))
      .map(({ name }) => `attribute “${name}” of label “${label.name}”`);
  });
}
