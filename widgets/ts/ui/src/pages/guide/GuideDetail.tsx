/** The line on the page of a project or task that leads to its annotation guide. */

import type { GuideOwner } from '@cvat-lab/client';
import { BookOpenText, Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components';
import { usePages } from '../context';
import { Detail } from '../DetailFields';
import { GuideDialog } from './GuideDialog';

interface GuideDetailProps {
  owner: GuideOwner;
  guideId: number | null;
  /** The guide belongs to something else, which is where it is written. */
  inherited?: boolean;
}

export function GuideDetail({ owner, guideId, inherited }: GuideDetailProps) {
  const { navigate } = usePages();
  const [open, setOpen] = useState(false);
  const edit = () => navigate({ page: 'guide', kind: owner.kind, id: owner.id });
  if (guideId === null && inherited) return null;
  return (
    <Detail label="Guide">
      {guideId === null ? (
        <Button kind="ghost" size="small" icon={Plus} onClick={edit}>
          Write a guide
        </Button>
      ) : (
        <div className="cvl-row">
          <Button size="small" icon={BookOpenText} onClick={() => setOpen(true)}>
            Read
          </Button>
          {!inherited && (
            <Button size="small" kind="ghost" onClick={edit}>
              Edit
            </Button>
          )}
        </div>
      )}
      {open && guideId !== null && <GuideDialog guideId={guideId} onClose={() => setOpen(false)} />}
    </Detail>
  );
}
