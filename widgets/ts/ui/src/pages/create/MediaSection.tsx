/** Where the images or the video of a new task come from. */

import { HardDrive, Monitor, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button, Checkbox, IconButton, Tabs, TextField } from '../../components';
import { FilesField } from './FilesField';
import { ShareTree } from './ShareTree';
import type { FormErrors, TaskForm } from './taskForm';

const SOURCES = [
  { value: 'local', label: 'My computer', icon: Monitor },
  { value: 'share', label: 'Server files', icon: HardDrive },
] as const;

interface MediaSectionProps {
  form: TaskForm;
  errors: FormErrors;
  onChange: (change: Partial<TaskForm>) => void;
}

export function MediaSection({ form, errors, onChange }: MediaSectionProps) {
  return (
    <Tabs
      label="Source of the files"
      tabs={SOURCES}
      value={form.source}
      onChange={(source) => onChange({ source })}
    >
      {form.source === 'local' ? (
        <FilesField files={form.files} error={errors.files} onChange={(files) => onChange({ files })} />
      ) : (
        <SharedFiles form={form} errors={errors} onChange={onChange} />
      )}
    </Tabs>
  );
}

function SharedFiles({ form, errors, onChange }: MediaSectionProps) {
  const [path, setPath] = useState('');
  const { shared } = form;
  const add = () => {
    const text = path.trim();
    if (text && !shared.includes(text)) onChange({ shared: [...shared, text] });
    setPath('');
  };
  return (
    <div className="cvl-stack">
      <ShareTree marked={shared} onChange={(marked) => onChange({ shared: marked })} />
      <div className="cvl-row cvl-row-end">
        <TextField
          className="cvl-grow"
          label="Path"
          hint="A path on the share, or an absolute path on the server's machine"
          value={path}
          placeholder="/data/images/"
          onChange={setPath}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            // Enter adds the path; the form is not complete yet.
            event.preventDefault();
            add();
          }}
        />
        <Button icon={Plus} disabled={!path.trim()} onClick={add}>
          Add
        </Button>
      </div>
      {errors.shared && (
        <span className="cvl-field-error" role="alert">
          {errors.shared}
        </span>
      )}
      {shared.length > 0 && (
        <ul className="cvl-files">
          {shared.map((entry) => (
            <li key={entry} className="cvl-file">
              <span className="cvl-ellipsis cvl-mono">{entry}</span>
              <IconButton
                icon={X}
                size="small"
                label={`Remove ${entry}`}
                onClick={() => onChange({ shared: shared.filter((other) => other !== entry) })}
              />
            </li>
          ))}
        </ul>
      )}
      <Checkbox
        label="Copy data into the workspace"
        checked={form.copyData}
        onChange={(copyData) => onChange({ copyData })}
        hint="Otherwise the files stay where they are and must not be moved."
      />
    </div>
  );
}
