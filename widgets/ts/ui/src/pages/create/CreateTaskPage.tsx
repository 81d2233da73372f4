/** The form for a new task, and the progress of its creation. */

import { ChevronRight } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Button, describeError, Field, Notice, TextField, useToasts } from '../../components';
import { announceChange } from '../../data/freshness';
import { LabelsEditor } from '../../labels';
import { usePages } from '../context';
import { Page, Panel } from '../PageShell';
import { ProjectField } from '../ProjectField';
import { TransferProgress } from '../transfers/TransferStatus';
import { AdvancedSection } from './AdvancedSection';
import { MediaSection } from './MediaSection';
import { SubsetField } from './SubsetField';
import { checkTask, EMPTY_TASK, type TaskForm } from './taskForm';
import { useCreation } from './useCreation';

export function CreateTaskPage({ projectId }: { projectId?: number }) {
  const { api, navigate } = usePages();
  const toasts = useToasts();
  const [form, setForm] = useState<TaskForm>(EMPTY_TASK);
  const [checked, setChecked] = useState(false);
  const creation = useCreation();
  const errors = checked ? checkTask(form) : {};
  const root = useRef<HTMLFormElement>(null);
  const set = (change: Partial<TaskForm>) => setForm((before) => ({ ...before, ...change }));

  useEffect(() => {
    if (projectId === undefined) return;
    api.project(projectId).then(
      (project) => setForm((before) => ({ ...before, project })),
      (error) => toasts.fail(`Cannot load project #${projectId}`, error),
    );
  }, [api, projectId, toasts]);

  const submit = async (more: boolean) => {
    setChecked(true);
    if (Object.keys(checkTask(form)).length > 0) {
      showFirstError(root.current);
      return;
    }
    const task = await creation.run(form);
    if (!task) return;
    announceChange();
    if (!more) {
      navigate({ page: 'task', id: task.id });
      return;
    }
    toasts.say(`Task #${task.id} is ready`, 'good');
    setChecked(false);
    setForm({ ...form, name: '', files: [], shared: [] });
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit(false);
  };

  return (
    <Page
      narrow
      crumbs={[{ label: 'Tasks', onOpen: () => navigate({ page: 'tasks' }) }, { label: 'New task' }]}
      title={<h2>Create a new task</h2>}
    >
      <form ref={root} className="cvl-form" onSubmit={onSubmit} noValidate>
        <fieldset className="cvl-stack" disabled={creation.stage !== null}>
          <BasicSection {...{ form, errors }} onChange={set} />
          {form.project === null && (
            <Panel title="Labels">
              {errors.labels && <Notice tone="bad">{errors.labels}</Notice>}
              <LabelsEditor labels={form.labels} onChange={(labels) => set({ labels })} />
            </Panel>
          )}
          <Panel title="Select files">
            <MediaSection {...{ form, errors }} onChange={set} />
          </Panel>
          <details className="cvl-advanced" open={hasAdvancedError(errors) || undefined}>
            <summary>
              <ChevronRight size={15} aria-hidden /> Advanced configuration
            </summary>
            <AdvancedSection {...{ form, errors }} onChange={set} />
          </details>
        </fieldset>
        <div className="cvl-form-foot">
          {creation.error !== null && <Notice tone="bad">{describeError(creation.error)}</Notice>}
          {creation.stage ? (
            <div className="cvl-row">
              <TransferProgress {...creation.stage} />
              <Button onClick={creation.cancel}>Cancel</Button>
            </div>
          ) : (
            <div className="cvl-row">
              <Button type="submit" kind="primary">
                Submit and open
              </Button>
              <Button onClick={() => submit(true)}>Submit and continue</Button>
            </div>
          )}
        </div>
      </form>
    </Page>
  );
}

interface SectionProps {
  form: TaskForm;
  errors: ReturnType<typeof checkTask>;
  onChange: (change: Partial<TaskForm>) => void;
}

function BasicSection({ form, errors, onChange }: SectionProps) {
  return (
    <div className="cvl-form-grid">
      <TextField
        className="cvl-span"
        label="Name"
        required
        autoFocus
        maxLength={256}
        value={form.name}
        error={errors.name}
        onChange={(name) => onChange({ name })}
      />
      <Field label="Project" hint="The task uses its labels">
        {({ id }) => (
          <ProjectField
            id={id}
            value={form.project}
            onChange={(project) => onChange({ project, subset: '' })}
          />
        )}
      </Field>
      {form.project && (
        <Field label="Subset">
          {({ id }) => (
            <SubsetField
              id={id}
              projectId={form.project!.id}
              value={form.subset}
              onChange={(subset) => onChange({ subset })}
            />
          )}
        </Field>
      )}
    </div>
  );
}

function hasAdvancedError(errors: ReturnType<typeof checkTask>): boolean {
  return Object.keys(errors).some((key) => !['name', 'labels', 'files', 'shared'].includes(key));
}

/** Errors appear with the next drawing; only then can the first one be found. */
function showFirstError(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => {
    const invalid = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (invalid) invalid.focus();
    else form?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'center' });
  });
}
