/** One object: label, switches, keyframes, attributes. Stands in the list and opens at the cursor on the canvas. */

import type { ClientId, ObjectState } from '@cvat-lab/canvas';
import { ChevronDown, ChevronRight, Film } from 'lucide-react';
import { type CSSProperties, memo } from 'react';
import { classes } from '../../components';
import { editObject } from '../edits';
import { useEditor } from '../hooks';
import { AttributeFields } from './AttributeFields';
import { iconOf, kindName } from './kinds';
import { ObjectMenu } from './ObjectMenu';
import { ObjectSwitches } from './ObjectSwitches';

interface ObjectCardProps {
  state: ObjectState;
  /** As on the canvas. */
  color: string;
  isActive: boolean;
  isExpanded: boolean;
  /** Shows or hides the details; missing = they are always shown. */
  onToggle?: (clientId: ClientId) => void;
  /** The mouse moves over the card. */
  onPoint?: (clientId: ClientId) => void;
}

/** Drawn again only when the object changes: every edit makes a new state. */
export const ObjectCard = memo(function ObjectCard(props: ObjectCardProps) {
  const { state, color, isActive, isExpanded, onToggle, onPoint } = props;
  const editor = useEditor();
  const { clientId, object } = state;
  const hasAttributes = state.attributes.length > 0;
  const Chevron = isExpanded ? ChevronDown : ChevronRight;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Tab goes through the objects
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing shows the object on the canvas
    <div
      className={classes(
        'cvl-ed-card',
        isActive && 'cvl-ed-card-active',
        object.hidden && 'cvl-ed-card-hidden',
      )}
      style={{ '--cvl-object': color } as CSSProperties}
      data-client-id={clientId}
      onPointerMove={onPoint && (() => onPoint(clientId))}
      onClick={(event) => {
        if (event.shiftKey && onPoint) editor.selection.toggle(clientId);
      }}
      onDoubleClick={(event) => {
        if (event.target === event.currentTarget && onPoint) editor.execute('view.zoom-to-object');
      }}
    >
      <div className="cvl-ed-card-head">
        <KindIcon state={state} />
        <LabelSelect state={state} />
        {object.data.source !== 'manual' && <span className="cvl-ed-source">{object.data.source}</span>}
        <ObjectMenu state={state} color={color} />
      </div>
      <ObjectSwitches state={state} />
      {hasAttributes && onToggle && (
        <button
          type="button"
          className="cvl-ed-details"
          aria-expanded={isExpanded}
          onClick={() => onToggle(clientId)}
        >
          <Chevron size={13} aria-hidden /> Details
          {!isExpanded && <span className="cvl-soft">{summaryOf(state)}</span>}
        </button>
      )}
      {hasAttributes && isExpanded && <AttributeFields state={state} />}
    </div>
  );
});

function KindIcon({ state }: { state: ObjectState }) {
  const Icon = iconOf(state);
  return (
    <span className="cvl-ed-kind" title={`Object ${state.clientId}: ${kindName(state)}`}>
      <b>{state.clientId}</b>
      <Icon size={14} aria-label={kindName(state)} />
      {state.kind === 'track' && <Film size={12} aria-hidden />}
    </span>
  );
}

function LabelSelect({ state }: { state: ObjectState }) {
  const editor = useEditor();
  const { labels } = editor;
  const offered = labels.all.filter(
    (label) => label.id === state.label_id || labels.accepts(label.id, state.type),
  );
  return (
    <select
      className="cvl-input cvl-input-quiet cvl-ed-label"
      aria-label={`Label of object ${state.clientId}`}
      value={state.label_id}
      disabled={state.object.locked || editor.isReadonly}
      onChange={(event) =>
        editObject(editor, state, 'Change label', { label_id: Number(event.target.value) })
      }
    >
      {offered.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** The values in one line, for a card that is folded. */
function summaryOf({ attributes }: ObjectState): string {
  return attributes
    .map(({ value }) => value)
    .filter(Boolean)
    .join(', ');
}
