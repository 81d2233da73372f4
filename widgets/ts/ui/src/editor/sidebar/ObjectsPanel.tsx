/** The objects of the frame. Only those in view are drawn: a frame may have thousands. */

import { type ClientId, colorOf, type ObjectState } from '@cvat-lab/canvas';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronsDownUp, ChevronsUpDown, Eye, EyeOff, Lock, LockOpen } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { CommandButton } from '../CommandButton';
import { useCalmTopics, useEditor } from '../hooks';
import { ObjectCard } from './ObjectCard';
import { inOrder, ORDERS, type Order } from './order';
import { type Expansion, useExpansion } from './useExpansion';

/** Height of a card without details, in CSS pixels; the real heights are measured. */
const CARD_HEIGHT = 57;

export function ObjectsPanel() {
  const editor = useEditor();
  useCalmTopics(editor, 'annotations', 'frame');
  const [order, setOrder] = useState<Order>('id-ascending');
  const expansion = useExpansion();
  const states = inOrder(editor.scene.states.values(), order);
  return (
    <div className="cvl-ed-objects">
      <ObjectsHead states={states} order={order} onOrder={setOrder} expansion={expansion} />
      {states.length > 0 ? (
        <ObjectsList states={states} expansion={expansion} />
      ) : (
        <p className="cvl-ed-empty">
          Nothing on this frame yet. Choose a tool at the left, or press N to repeat the last drawing.
        </p>
      )}
    </div>
  );
}

interface ObjectsHeadProps {
  states: readonly ObjectState[];
  order: Order;
  onOrder: (order: Order) => void;
  expansion: Expansion;
}

function ObjectsHead({ states, order, onOrder, expansion }: ObjectsHeadProps) {
  const isLocked = states.length > 0 && states.every(({ object }) => object.locked);
  const isHidden = states.length > 0 && states.every(({ object }) => object.hidden);
  const { isExpandedByDefault: isExpanded } = expansion;
  const Expand = isExpanded ? ChevronsDownUp : ChevronsUpDown;
  const label = isExpanded ? 'Fold all' : 'Unfold all';
  return (
    <div className="cvl-ed-panel-head">
      <span className="cvl-ed-count">
        {states.length} {states.length === 1 ? 'object' : 'objects'}
      </span>
      <select
        className="cvl-input cvl-input-quiet"
        aria-label="Sort by"
        title="Sort by"
        value={order}
        onChange={(event) => onOrder(event.target.value as Order)}
      >
        {ORDERS.map((item) => (
          <option key={item.value} value={item.value}>
            {item.label}
          </option>
        ))}
      </select>
      <CommandButton id="objects.lock-all" icon={isLocked ? Lock : LockOpen} pressed={isLocked} size={15} />
      <CommandButton id="objects.hide-all" icon={isHidden ? EyeOff : Eye} pressed={isHidden} size={15} />
      <button
        type="button"
        className="cvl-ed-button"
        aria-label={label}
        title={label}
        onClick={() => expansion.setAll(!isExpanded)}
      >
        <Expand size={15} aria-hidden />
      </button>
    </div>
  );
}

function ObjectsList({ states, expansion }: { states: readonly ObjectState[]; expansion: Expansion }) {
  const editor = useEditor();
  useCalmTopics(editor, 'selection', 'settings');
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: states.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_HEIGHT,
    getItemKey: (index) => states[index]!.clientId,
    overscan: 4,
  });
  const pointed = useFollowActive(states, (index) => virtualizer.scrollToIndex(index, { align: 'auto' }));
  const { selection, settings, labels } = editor;
  const onPoint = useMemo(
    () => (clientId: ClientId) => {
      pointed.current = clientId;
      editor.selection.hover(clientId);
    },
    [editor, pointed],
  );
  return (
    <div ref={scroller} className="cvl-ed-scroller">
      <div className="cvl-ed-rows" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => {
          const state = states[index]!;
          return (
            <div
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              className="cvl-ed-row"
              style={{ transform: `translateY(${start}px)` }}
            >
              <ObjectCard
                state={state}
                color={colorOf(state, settings.colorBy, labels)}
                isActive={selection.has(state.clientId)}
                isExpanded={expansion.isExpanded(state.clientId)}
                onToggle={expansion.toggle}
                onPoint={onPoint}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Bring the active object into view, unless it became active by pointing at it in the list. */
function useFollowActive(states: readonly ObjectState[], scrollTo: (index: number) => void) {
  const { selection } = useEditor();
  const pointed = useRef<ClientId | null>(null);
  const latest = useRef({ states, scrollTo });
  latest.current = { states, scrollTo };
  const { active } = selection;
  useEffect(() => {
    if (active === null || active === pointed.current) return;
    pointed.current = null;
    const index = latest.current.states.findIndex(({ clientId }) => clientId === active);
    if (index >= 0) latest.current.scrollTo(index);
  }, [active]);
  return pointed;
}
