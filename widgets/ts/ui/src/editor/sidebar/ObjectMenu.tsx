/** What can be done with an object besides its switches. */

import type { ObjectState } from '@cvat-lab/canvas';
import {
  BringToFront,
  Copy,
  EllipsisVertical,
  Palette,
  Repeat2,
  Search,
  SendToBack,
  Trash2,
} from 'lucide-react';
import { useRef } from 'react';
import { Menu, type MenuItem } from '../../components';
import { editObject, runOn } from '../edits';
import { shortcutsOf, useEditor } from '../hooks';
import { ColorInput } from './ColorInput';

export function ObjectMenu({ state, color }: { state: ObjectState; color: string }) {
  const editor = useEditor();
  const palette = useRef<HTMLInputElement>(null);
  const isFixed = state.object.locked || editor.isReadonly;
  const isTag = state.kind === 'tag';
  const item = (label: string, icon: MenuItem['icon'], command: string, rest: Partial<MenuItem> = {}) => ({
    label,
    icon,
    hint: shortcutsOf(editor, editor.commands.get(command))[0],
    onSelect: () => runOn(editor, state, command),
    ...rest,
  });
  const items: MenuItem[] = [
    item('Make a copy', Copy, 'objects.copy', {
      disabled: isTag || editor.isReadonly,
      onSelect: () => {
        runOn(editor, state, 'objects.copy');
        editor.execute('objects.paste');
      },
    }),
    item('Propagate…', Repeat2, 'objects.propagate', { disabled: editor.isReadonly }),
    item('Zoom to it', Search, 'view.zoom-to-object', { disabled: isTag }),
    item('To background', SendToBack, 'objects.to-background', { disabled: isFixed || isTag }),
    item('To foreground', BringToFront, 'objects.to-foreground', { disabled: isFixed || isTag }),
    {
      label: 'Change the colour…',
      icon: Palette,
      disabled: editor.settings.colorBy !== 'instance',
      onSelect: () => palette.current?.click(),
    },
    item('Delete', Trash2, 'objects.remove', { danger: true, separated: true, disabled: editor.isReadonly }),
  ];
  return (
    <>
      <Menu
        label={`Menu of object ${state.clientId}`}
        icon={EllipsisVertical}
        size="small"
        compact
        items={items}
      />
      <ColorInput
        ref={palette}
        className="cvl-ed-palette"
        aria-label={`Colour of object ${state.clientId}`}
        tabIndex={-1}
        value={color}
        onChoose={(chosen) => editObject(editor, state, 'Change colour', { color: chosen })}
      />
    </>
  );
}
