/** The switches of an object, and the way through the keyframes of a track. */

import { keyframesAround, type ObjectState, type StatePatch } from '@cvat-lab/canvas';
import {
  ChevronFirst,
  ChevronLast,
  ChevronLeft,
  ChevronRight,
  Eye,
  EyeOff,
  Lock,
  LockOpen,
  LogOut,
  type LucideIcon,
  Pin,
  PinOff,
  SquareDashed,
  Star,
} from 'lucide-react';
import { editObject } from '../edits';
import { shortcutsOf, useEditor } from '../hooks';

export function ObjectSwitches({ state }: { state: ObjectState }) {
  const { object, kind, occluded } = state;
  return (
    <div className="cvl-ed-switches">
      {kind === 'track' && <TrackSwitches state={state} />}
      <Switch
        state={state}
        command="objects.lock"
        icons={[LockOpen, Lock]}
        titles={['Lock', 'Unlock']}
        value={object.locked}
        patch={(locked) => ({ locked })}
        isPersonal
      />
      {kind !== 'tag' && (
        <>
          <Switch
            state={state}
            command="objects.occluded"
            icons={[SquareDashed, SquareDashed]}
            titles={['Mark as occluded', 'Mark as not occluded']}
            value={occluded}
            patch={(value) => ({ occluded: value })}
          />
          <Switch
            state={state}
            command="objects.hide"
            icons={[Eye, EyeOff]}
            titles={['Hide', 'Show']}
            value={object.hidden}
            patch={(hidden) => ({ hidden })}
            isPersonal
          />
          <Switch
            state={state}
            command="objects.pin"
            icons={[PinOff, Pin]}
            titles={['Pin: it cannot be dragged as a whole', 'Unpin: it can be dragged as a whole']}
            value={object.pinned}
            patch={(pinned) => ({ pinned })}
            isPersonal
          />
        </>
      )}
    </div>
  );
}

function TrackSwitches({ state }: { state: ObjectState }) {
  const editor = useEditor();
  if (state.object.kind !== 'track') return null;
  const around = keyframesAround(state.object.data.shapes, state.frame);
  const go = (label: string, icon: LucideIcon, frame: number | null) => (
    <SmallButton
      label={label}
      tip={frame === null ? label : `${label}: frame ${frame}`}
      icon={icon}
      disabled={frame === null}
      onClick={() => void editor.player.goTo(frame!)}
    />
  );
  return (
    <>
      {go('First keyframe', ChevronFirst, around.first)}
      {go('Previous keyframe', ChevronLeft, around.previous)}
      <Switch
        state={state}
        command="tracks.keyframe"
        icons={[Star, Star]}
        titles={['Make a keyframe', 'Remove the keyframe']}
        value={state.keyframe}
        patch={(keyframe) => ({ keyframe })}
        isFilled
      />
      {go('Next keyframe', ChevronRight, around.next)}
      {go('Last keyframe', ChevronLast, around.last)}
      <Switch
        state={state}
        command="tracks.outside"
        icons={[LogOut, LogOut]}
        titles={['Switch outside on: it leaves the frame', 'Switch outside off: it is back']}
        value={state.outside}
        patch={(outside) => ({ outside })}
      />
    </>
  );
}

interface SwitchProps {
  state: ObjectState;
  /** Its command: names the step of the history, and the shortcut. */
  command: string;
  /** Off, on. */
  icons: readonly [LucideIcon, LucideIcon];
  titles: readonly [string, string];
  value: boolean;
  patch: (value: boolean) => StatePatch;
  /** It is nobody's annotation, so locked objects and read-only jobs have it too. */
  isPersonal?: boolean;
  isFilled?: boolean;
}

function Switch({ state, command, icons, titles, value, patch, isPersonal, isFilled }: SwitchProps) {
  const editor = useEditor();
  const [title, icon] = value ? [titles[1], icons[1]] : [titles[0], icons[0]];
  const shortcut = shortcutsOf(editor, editor.commands.get(command))[0];
  return (
    <SmallButton
      label={title}
      tip={shortcut ? `${title} (${shortcut})` : title}
      icon={icon}
      pressed={value}
      filled={isFilled && value}
      disabled={!isPersonal && (state.object.locked || editor.isReadonly)}
      onClick={() => editObject(editor, state, editor.commands.get(command).title, patch(!value))}
    />
  );
}

interface SmallButtonProps {
  label: string;
  tip: string;
  icon: LucideIcon;
  pressed?: boolean;
  filled?: boolean;
  disabled?: boolean;
  onClick: () => void;
}

function SmallButton({ label, tip, icon: Icon, pressed, filled, disabled, onClick }: SmallButtonProps) {
  return (
    <button
      type="button"
      className="cvl-ed-switch"
      aria-label={label}
      aria-pressed={pressed}
      title={tip}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon size={14} fill={filled ? 'currentColor' : 'none'} aria-hidden />
    </button>
  );
}
