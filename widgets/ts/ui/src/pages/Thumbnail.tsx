/** The picture of a project, task or job in a list. */

import type { Target } from '@cvat-lab/client';
import { ImageOff } from 'lucide-react';
import { usePreview } from '../data/previews';
import { usePages } from './context';

interface ThumbnailProps {
  of: Target;
  /** Changes when the picture may have changed. */
  version: string;
  /** There is nothing to show, and no need to ask. */
  empty?: boolean;
}

export function Thumbnail({ of, version, empty = false }: ThumbnailProps) {
  const url = usePreview(usePages().api, empty ? null : of, version);
  return (
    <div className="cvl-thumb">
      {url ? (
        <img src={url} alt="" draggable={false} />
      ) : (
        url === null && <ImageOff size={22} strokeWidth={1.2} aria-label="No preview" />
      )}
    </div>
  );
}
