/** Facts about a project or task beside its picture, some of them changeable in place. */

import type { UserBasic } from '@cvat-lab/schema';
import { ExternalLink, Pencil, Plus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, IconButton, TextField } from '../components';
import { UserField } from './people';

/** One line: a name and what stands for it. */
export function Detail({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="cvl-detail">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface AssigneeProps {
  value: UserBasic | null;
  onChange: (user: UserBasic | null) => void;
}

export function AssigneeDetail({ value, onChange }: AssigneeProps) {
  return (
    <Detail label="Assigned to">
      <UserField label="Assigned to" quiet value={value} onChange={onChange} />
    </Detail>
  );
}

interface BugTrackerProps {
  url: string;
  onSave: (url: string) => void;
}

/** The issue tracker: set, changed, opened, removed. */
export function BugTrackerDetail({ url, onSave }: BugTrackerProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const save = () => {
    const text = (draft ?? '').trim();
    const found = checkUrl(text);
    setProblem(found);
    if (found) return;
    setDraft(null);
    if (text !== url) onSave(text);
  };
  if (draft !== null) {
    return (
      <Detail label="Issue tracker">
        <div className="cvl-row">
          <TextField
            className="cvl-grow"
            label="Issue tracker"
            hideLabel
            value={draft}
            error={problem}
            placeholder="https://…"
            autoFocus
            onChange={setDraft}
            onKeyDown={(event) => {
              if (event.key === 'Enter') save();
              if (event.key === 'Escape') setDraft(null);
            }}
          />
          <Button size="small" kind="primary" onClick={save}>
            Save
          </Button>
          <IconButton icon={X} size="small" label="Cancel" onClick={() => setDraft(null)} />
        </div>
      </Detail>
    );
  }
  return (
    <Detail label="Issue tracker">
      {url ? (
        <div className="cvl-row">
          <span className="cvl-ellipsis" title={url}>
            {url}
          </span>
          <Button
            size="small"
            icon={ExternalLink}
            onClick={() => window.open(url, '_blank', 'noopener,noreferrer')}
          >
            Open
          </Button>
          <IconButton
            icon={Pencil}
            size="small"
            label="Change the issue tracker"
            onClick={() => setDraft(url)}
          />
        </div>
      ) : (
        <Button kind="ghost" size="small" icon={Plus} onClick={() => setDraft('')}>
          Add a link
        </Button>
      )}
    </Detail>
  );
}

/** What is wrong with a link to an issue tracker; an empty one is fine. */
export function checkUrl(text: string): string | null {
  if (!text || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))) return null;
  return `“${text}” is no web address; it must start with http:// or https://`;
}
