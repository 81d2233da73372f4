/** Files of the user's computer: dropped or chosen, in several goes. */

import { X } from 'lucide-react';
import { DropZone, IconButton, LinkButton } from '../../components';
import { formatBytes, formatCount } from '../../format';

const SHOWN = 6;

interface FilesFieldProps {
  files: File[];
  onChange: (files: File[]) => void;
  error?: string;
}

export function FilesField({ files, onChange, error }: FilesFieldProps) {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  return (
    <div className="cvl-field">
      <DropZone label="Files" multiple onFiles={(added) => onChange([...files, ...added])}>
        Images, archives of images, or one video
      </DropZone>
      {error && (
        <span className="cvl-field-error" role="alert">
          {error}
        </span>
      )}
      {files.length > 0 && (
        <>
          <div className="cvl-row cvl-spread">
            <span>
              {formatCount(files.length, 'file')}, {formatBytes(total)}
            </span>
            <LinkButton onClick={() => onChange([])}>Remove all</LinkButton>
          </div>
          <ul className="cvl-files">
            {files.slice(0, SHOWN).map((file, i) => (
              <li key={`${file.name} ${file.size} ${file.lastModified}`} className="cvl-file">
                <span className="cvl-ellipsis">{file.name}</span>
                <span className="cvl-soft">{formatBytes(file.size)}</span>
                <IconButton
                  icon={X}
                  size="small"
                  label={`Remove ${file.name}`}
                  onClick={() => onChange(files.filter((_, j) => j !== i))}
                />
              </li>
            ))}
          </ul>
          {files.length > SHOWN && <span className="cvl-soft">and {files.length - SHOWN} more</span>}
        </>
      )}
    </div>
  );
}
