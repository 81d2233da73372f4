/** A place to drop files on, or to choose them with the system's dialog. */

import { Upload } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { LinkButton } from './Button';
import { classes } from './classes';

interface DropZoneProps {
  label: string;
  multiple?: boolean;
  /** As in `<input accept>`. */
  accept?: string;
  onFiles: (files: File[]) => void;
  /** What may be dropped here. */
  children?: ReactNode;
}

export function DropZone({ label, multiple = false, accept, onFiles, children }: DropZoneProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const onDrop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = await droppedFiles(event.dataTransfer);
    if (files.length) onFiles(multiple ? files : files.slice(0, 1));
  };
  return (
    <section
      className={classes('cvl-drop', over && 'cvl-drop-over')}
      aria-label={label}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <Upload size={22} strokeWidth={1.5} aria-hidden />
      <div>
        <LinkButton onClick={() => input.current?.click()}>Choose {multiple ? 'files' : 'a file'}</LinkButton>{' '}
        or drop {multiple ? 'files and folders' : 'it'} here
      </div>
      {children && <div className="cvl-soft">{children}</div>}
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        multiple={multiple}
        accept={accept}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // Choosing the same file again must count as a change.
          event.target.value = '';
          if (files.length) onFiles(files);
        }}
      />
    </section>
  );
}

/** The files of a drop, those inside dropped folders included. */
async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry?.())
    .filter((entry) => entry != null);
  if (entries.length === 0) return [...transfer.files];
  return (await Promise.all(entries.map(filesBelow))).flat();
}

async function filesBelow(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  // A reader hands out a folder in portions, and an empty one at the end.
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (portion.length === 0) return files;
    files.push(...(await Promise.all(portion.map(filesBelow))).flat());
  }
}
