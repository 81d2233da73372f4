/** The file that was chosen for an upload. */

import { FileArchive, X } from 'lucide-react';
import { IconButton } from '../../components';
import { formatBytes } from '../../format';

export function ChosenFile({ file, onRemove }: { file: File; onRemove: () => void }) {
  return (
    <div className="cvl-file">
      <FileArchive size={16} aria-hidden />
      <span className="cvl-ellipsis">{file.name}</span>
      <span className="cvl-soft">{formatBytes(file.size)}</span>
      <IconButton icon={X} size="small" label="Choose another file" onClick={onRemove} />
    </div>
  );
}
