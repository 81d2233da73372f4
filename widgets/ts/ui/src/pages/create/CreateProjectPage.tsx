/** The form for a new project. */

import { type FormEvent, useState } from 'react';
import { Button, describeError, Notice, TextField, useToasts } from '../../components';
import { announceChange } from '../../data/freshness';
import { checkLabels, type LabelDraft, LabelsEditor, labelsToCreate } from '../../labels';
import { usePages } from '../context';
import { checkUrl } from '../DetailFields';
import { Page, Panel } from '../PageShell';
import { checkTitle } from './taskForm';

interface ProjectForm {
  name: string;
  labels: LabelDraft[];
  bugTracker: string;
}

const EMPTY: ProjectForm = { name: '', labels: [], bugTracker: '' };

export function CreateProjectPage() {
  const { api, navigate } = usePages();
  const toasts = useToasts();
  const [form, setForm] = useState(EMPTY);
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const errors = checked ? checkProject(form) : {};
  const set = (change: Partial<ProjectForm>) => setForm((before) => ({ ...before, ...change }));

  const submit = async (more: boolean) => {
    setChecked(true);
    if (Object.values(checkProject(form)).some(Boolean)) return;
    setBusy(true);
    setFailure(null);
    try {
      const project = await api.createProject({
        name: form.name.trim(),
        labels: labelsToCreate(form.labels),
        bug_tracker: form.bugTracker.trim(),
      });
      announceChange();
      if (!more) {
        navigate({ page: 'project', id: project.id });
        return;
      }
      toasts.say(`Project #${project.id} is ready`, 'good');
      setForm(EMPTY);
      setChecked(false);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit(false);
  };

  return (
    <Page
      narrow
      crumbs={[{ label: 'Projects', onOpen: () => navigate({ page: 'projects' }) }, { label: 'New project' }]}
      title={<h2>Create a new project</h2>}
    >
      <form className="cvl-form" onSubmit={onSubmit} noValidate>
        <TextField
          label="Name"
          required
          autoFocus
          maxLength={256}
          value={form.name}
          error={errors.name}
          onChange={(name) => set({ name })}
        />
        <Panel title="Labels">
          {errors.labels && <Notice tone="bad">{errors.labels}</Notice>}
          <LabelsEditor labels={form.labels} onChange={(labels) => set({ labels })} />
        </Panel>
        <TextField
          label="Issue tracker"
          value={form.bugTracker}
          placeholder="https://…"
          hint="Where problems of this project are discussed"
          error={errors.bugTracker}
          onChange={(bugTracker) => set({ bugTracker })}
        />
        <div className="cvl-form-foot">
          {failure !== null && <Notice tone="bad">{describeError(failure)}</Notice>}
          <div className="cvl-row">
            <Button type="submit" kind="primary" busy={busy}>
              Submit and open
            </Button>
            <Button disabled={busy} onClick={() => submit(true)}>
              Submit and continue
            </Button>
          </div>
        </div>
      </form>
    </Page>
  );
}

/** What is wrong, by field. */
export function checkProject(form: ProjectForm): Partial<Record<keyof ProjectForm, string>> {
  return {
    name: checkTitle(form.name),
    labels: checkLabels(form.labels)[0]?.message,
    bugTracker: checkUrl(form.bugTracker.trim()) ?? undefined,
  };
}
