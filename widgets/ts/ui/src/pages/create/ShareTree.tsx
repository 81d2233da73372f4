/** The share as a tree with check marks. Folders load when they are opened; a marked folder stands for all in it. */

import type { ShareEntry } from '@cvat-lab/schema';
import {
  ChevronDown,
  ChevronRight,
  File,
  FileArchive,
  Film,
  Folder,
  Image,
  type LucideIcon,
} from 'lucide-react';
import { useState } from 'react';
import { describeError, LoadError, Spinner } from '../../components';
import { useLoad } from '../../data/useLoad';
import { usePages } from '../context';

interface ShareTreeProps {
  /** Marked paths; folders end with `/`. */
  marked: readonly string[];
  onChange: (marked: string[]) => void;
}

export function ShareTree({ marked, onChange }: ShareTreeProps) {
  const { api } = usePages();
  const root = useLoad('share', () => api.share('/'));
  if (root.error) return <LoadError what="the share" error={root.error} onRetry={root.reload} />;
  if (!root.data) return <Spinner />;
  if (root.data.length === 0) {
    return (
      <p className="cvl-soft">
        The share is empty, or this server has none. Files of its machine can be named below.
      </p>
    );
  }
  return (
    <ul className="cvl-tree" aria-label="Share">
      <Entries entries={root.data} folder="" {...{ marked, onChange }} covered={false} />
    </ul>
  );
}

interface EntriesProps extends ShareTreeProps {
  entries: readonly ShareEntry[];
  /** Path of the folder, empty or with a slash at the end. */
  folder: string;
  /** A folder around is marked. */
  covered: boolean;
}

function Entries({ entries, folder, ...rest }: EntriesProps) {
  return entries.map((entry) => (
    <Entry key={entry.name} entry={entry} path={pathOf(folder, entry)} {...rest} />
  ));
}

interface EntryProps extends ShareTreeProps {
  entry: ShareEntry;
  path: string;
  covered: boolean;
}

function Entry({ entry, path, marked, onChange, covered }: EntryProps) {
  const [open, setOpen] = useState(false);
  const isFolder = entry.type === 'DIR';
  const checked = covered || marked.includes(path);
  const Icon = isFolder ? Folder : (ICONS[entry.mime_type] ?? File);
  // What lies inside a marked folder need not be marked again.
  const toggle = () =>
    onChange(
      checked
        ? marked.filter((other) => other !== path)
        : [...marked.filter((other) => !isInside(other, path)), path],
    );
  return (
    <li>
      <div className="cvl-tree-row">
        {isFolder ? (
          <button
            type="button"
            className="cvl-tree-twist"
            aria-label={`${open ? 'Close' : 'Open'} ${entry.name}`}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
          </button>
        ) : (
          <span className="cvl-tree-twist" />
        )}
        <label className="cvl-checkbox">
          <input type="checkbox" checked={checked} disabled={covered} onChange={toggle} />
          <Icon size={14} aria-hidden />
          <span>{entry.name}</span>
        </label>
      </div>
      {open && <FolderContent path={path} {...{ marked, onChange }} covered={checked} />}
    </li>
  );
}

interface FolderContentProps extends ShareTreeProps {
  path: string;
  covered: boolean;
}

function FolderContent({ path, ...rest }: FolderContentProps) {
  const { api } = usePages();
  const { data, error } = useLoad(`share ${path}`, () => api.share(`/${path}`));
  if (error) return <span className="cvl-field-error">{describeError(error)}</span>;
  if (!data) return <Spinner />;
  return (
    <ul>
      {data.length === 0 ? (
        <li className="cvl-soft">Empty</li>
      ) : (
        <Entries entries={data} folder={path} {...rest} />
      )}
    </ul>
  );
}

const ICONS: Record<string, LucideIcon> = {
  image: Image,
  video: Film,
  zip: FileArchive,
  archive: FileArchive,
};

function pathOf(folder: string, { name, type }: ShareEntry): string {
  return `${folder}${name}${type === 'DIR' ? '/' : ''}`;
}

function isInside(path: string, folder: string): boolean {
  return folder.endsWith('/') && path.startsWith(folder);
}
