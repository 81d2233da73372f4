/** The button of the lists that creates a task or project from a backup. */

import { ArchiveRestore } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components';
import { RestoreDialog } from './RestoreDialog';

export function RestoreButton({ kind }: { kind: 'task' | 'project' }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={ArchiveRestore} title="Create from backup" onClick={() => setOpen(true)}>
        <span className="cvl-wide-only">Create from backup</span>
      </Button>
      {open && <RestoreDialog kind={kind} onClose={() => setOpen(false)} />}
    </>
  );
}
