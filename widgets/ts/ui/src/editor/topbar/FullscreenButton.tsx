import { Maximize, Minimize } from 'lucide-react';
import { useToasts } from '../../components';
import { useEditorContext } from '../hooks';
import { toggleFullscreen, useFullscreenElement } from '../useFullscreen';

/** Lets the editor fill the screen. */
export function FullscreenButton() {
  const { root } = useEditorContext();
  const toasts = useToasts();
  const isFull = useFullscreenElement() === root;
  const Icon = isFull ? Minimize : Maximize;
  const label = isFull ? 'Leave full screen' : 'Full screen';
  const toggle = () => toggleFullscreen(root).catch((error) => toasts.fail('No full screen', error));
  return (
    <button type="button" className="cvl-ed-button" aria-label={label} title={label} onClick={toggle}>
      <Icon size={17} aria-hidden />
    </button>
  );
}
