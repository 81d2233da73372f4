/** A box that belongs to an element and is placed beside it, within the window. */

import {
  type CSSProperties,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { classes } from './classes';
import { InLayer } from './Layer';

/** Why a popup closes: a press or scroll elsewhere, or the Esc key. */
export type CloseReason = 'outside' | 'escape';

interface PopupProps {
  anchor: RefObject<HTMLElement | null>;
  onClose: (reason: CloseReason) => void;
  align?: 'start' | 'end';
  /** Below the anchor, or above where there is no room; or to the right of it. */
  side?: 'below' | 'right';
  /** At least as wide as the anchor. */
  matchWidth?: boolean;
  className?: string;
  children: ReactNode;
}

export function Popup(props: PopupProps) {
  return (
    <InLayer>
      <PopupBox {...props} />
    </InLayer>
  );
}

const GAP = 4;

function PopupBox(props: PopupProps) {
  const { anchor, onClose, align = 'start', side = 'below', matchWidth, className, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<CSSProperties>({ opacity: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: new content has a new size, which moves the box
  useLayoutEffect(() => {
    if (!anchor.current || !box.current) return;
    if (side === 'right') setPlace(placeRight(anchor.current, box.current));
    else setPlace(placeBelow(anchor.current, box.current, align, matchWidth));
  }, [anchor, align, side, matchWidth, children]);
  useClosing([anchor, box], onClose);
  return (
    <div ref={box} className={classes('cvl-popup', className)} style={place}>
      {children}
    </div>
  );
}

function placeBelow(
  anchor: HTMLElement,
  box: HTMLElement,
  align: 'start' | 'end',
  matchWidth = false,
): CSSProperties {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = box;
  const width = matchWidth ? Math.max(at.width, offsetWidth) : offsetWidth;
  const wanted = align === 'end' ? at.right - width : at.left;
  const below = at.bottom + GAP + offsetHeight <= window.innerHeight;
  const above = at.top - GAP - offsetHeight;
  return {
    left: Math.max(8, Math.min(wanted, window.innerWidth - width - 8)),
    top: below || above < 0 ? Math.min(at.bottom + GAP, window.innerHeight - offsetHeight - 8) : above,
    minWidth: matchWidth ? at.width : undefined,
  };
}

function placeRight(anchor: HTMLElement, box: HTMLElement): CSSProperties {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = box;
  return {
    left: Math.max(8, Math.min(at.right + GAP, window.innerWidth - offsetWidth - 8)),
    top: Math.max(8, Math.min(at.top, window.innerHeight - offsetHeight - 8)),
  };
}

/** Close on Esc, on a press elsewhere, when the page scrolls away below the box, and when the window changes. */
function useClosing(inside: RefObject<HTMLElement | null>[], onClose: (reason: CloseReason) => void): void {
  const latest = useRef({ inside, onClose });
  latest.current = { inside, onClose };
  useEffect(() => {
    const closeIfOutside = (event: Event) => {
      const target = event.target as Node;
      const within = latest.current.inside.some(({ current }) => current?.contains(target));
      if (!within) latest.current.onClose('outside');
    };
    const close = () => latest.current.onClose('outside');
    // Before anybody else: Esc closes the popup and not also the dialog or form around it.
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      latest.current.onClose('escape');
    };
    document.addEventListener('keydown', closeByKey, true);
    document.addEventListener('pointerdown', closeIfOutside, true);
    document.addEventListener('scroll', closeIfOutside, true);
    window.addEventListener('resize', close);
    return () => {
      document.removeEventListener('keydown', closeByKey, true);
      document.removeEventListener('pointerdown', closeIfOutside, true);
      document.removeEventListener('scroll', closeIfOutside, true);
      window.removeEventListener('resize', close);
    };
  }, []);
}
