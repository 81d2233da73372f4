/** What the right button opens on the canvas: the controls of an object, or what can be done with one of its points. */

import { colorOf, shapeUtil, type UiRequest } from '@cvat-lab/canvas';
import { Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { MenuList, Popup } from '../../components';
import { editObject } from '../edits';
import { useEditor, useTopics } from '../hooks';
import { ObjectCard } from '../sidebar/ObjectCard';

type MenuRequest = Extract<UiRequest, { type: 'context-menu' }>;

export function CanvasMenu() {
  const editor = useEditor();
  const anchor = useRef<HTMLDivElement>(null);
  const [request, setRequest] = useState<MenuRequest | null>(null);
  useTopics(editor, 'annotations', 'frame');
  useEffect(
    () =>
      editor.requests.on((asked) => {
        if (asked.type === 'context-menu') setRequest(asked);
      }),
    [editor],
  );
  const close = () => setRequest(null);
  const state = request?.clientId == null ? undefined : editor.scene.states.get(request.clientId);
  if (!request || !state) return null;
  const { vertex, screenX, screenY } = request;
  const removePoint = () => {
    const patch = vertex === null ? null : shapeUtil(state.type).removePoint(state, vertex);
    if (patch) editObject(editor, state, 'Delete point', patch);
    else editor.request({ type: 'notice', text: `A ${state.type} cannot have fewer points.` });
  };
  return (
    <>
      <div ref={anchor} className="cvl-ed-anchor" style={{ left: screenX, top: screenY }} />
      <Popup
        key={`${request.clientId} ${vertex} ${screenX} ${screenY}`}
        anchor={anchor}
        onClose={close}
        className={vertex === null ? 'cvl-ed-canvas-menu' : undefined}
      >
        {vertex === null ? (
          <ObjectCard
            state={state}
            color={colorOf(state, editor.settings.colorBy, editor.labels)}
            isActive
            isExpanded
          />
        ) : (
          <MenuList
            label="Point"
            onClose={close}
            items={[{ label: 'Delete point', hint: 'Alt+click', icon: Trash2, onSelect: removePoint }]}
          />
        )}
      </Popup>
    </>
  );
}
