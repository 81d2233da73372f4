/** All commands with their shortcuts, made from the table of commands. */

import type { Command, CommandGroup, Editor } from '@cvat-lab/canvas';
import { useState } from 'react';
import { Dialog } from '../../components';
import { grouped } from '../grouped';
import { shortcutsOf, useEditor } from '../hooks';
import { useKey } from './useKey';

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const editor = useEditor();
  const [wanted, setWanted] = useState('');
  useKey(['F1'], onClose);
  const groups = shortcutGroups(editor, wanted);
  return (
    <Dialog title="Shortcuts" size="wide" onClose={onClose}>
      <input
        className="cvl-input cvl-ed-search"
        aria-label="Search shortcuts"
        placeholder="Search by action or key"
        value={wanted}
        data-autofocus
        onChange={(event) => setWanted(event.target.value)}
      />
      <div className="cvl-ed-shortcuts">
        {groups.map(([group, commands]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {commands.map((command) => (
                <div key={command.id}>
                  <dt>{command.title}</dt>
                  <dd>
                    {shortcutsOf(editor, command).map((keys) => (
                      <kbd key={keys}>{keys}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        {groups.length === 0 && <p className="cvl-soft">No shortcut matches “{wanted}”.</p>}
      </div>
    </Dialog>
  );
}

/** Commands that have keys and match the search, by group. */
export function shortcutGroups(editor: Editor, wanted: string): [CommandGroup, Command[]][] {
  const text = wanted.trim().toLowerCase();
  const matching = [...editor.commands.all()].filter((command) => {
    const keys = shortcutsOf(editor, command);
    return keys.length > 0 && [command.title, ...keys].some((part) => part.toLowerCase().includes(text));
  });
  return [...grouped(matching, ({ group }) => group)];
}
