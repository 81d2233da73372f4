/** The sidebar: objects and labels of the frame, and how they look. It can be resized and folded to a rail of icons. */

import { List, Palette, PanelRightClose, PanelRightOpen, Tags } from 'lucide-react';
import { type PointerEvent, useState } from 'react';
import { classes, IconButton, Tabs } from '../../components';
import { useEditorContext } from '../hooks';
import { AppearancePanel } from './AppearancePanel';
import { LabelsPanel } from './LabelsPanel';
import { ObjectsPanel } from './ObjectsPanel';

type SidebarTab = 'objects' | 'labels';

const TABS = [
  { value: 'objects', label: 'Objects', icon: List },
  { value: 'labels', label: 'Labels', icon: Tags },
] as const;

const MIN_WIDTH = 236;
const MAX_WIDTH = 560;
/** Pixels per press of an arrow key. */
const KEY_STEP = 16;

export function Sidebar() {
  const { layout, setLayout, isCompact } = useEditorContext();
  const [tab, setTab] = useState<SidebarTab>('objects');
  // Where there is little room the sidebar covers the canvas, so it is opened for a moment only.
  const [isPeeking, setPeeking] = useState(false);
  const [isLooking, setLooking] = useState(false);
  const isOpen = isCompact ? isPeeking : layout.sidebarOpen;
  const setOpen = (open: boolean) => (isCompact ? setPeeking(open) : setLayout({ sidebarOpen: open }));
  const show = (wanted: SidebarTab) => {
    setTab(wanted);
    setOpen(true);
  };
  const hasAppearance = isCompact ? isLooking : layout.appearanceOpen;
  const setAppearance = (open: boolean) =>
    isCompact ? setLooking(open) : setLayout({ appearanceOpen: open });
  const showAppearance = () => {
    setAppearance(true);
    setOpen(true);
  };
  return (
    <>
      {(!isOpen || isCompact) && (
        <aside className="cvl-ed-rail" aria-label="Sidebar, folded">
          <IconButton
            icon={isOpen ? PanelRightClose : PanelRightOpen}
            label={isOpen ? 'Fold the sidebar' : 'Unfold the sidebar'}
            onClick={() => setOpen(!isOpen)}
          />
          <IconButton icon={List} label="Objects" onClick={() => show('objects')} />
          <IconButton icon={Tags} label="Labels" onClick={() => show('labels')} />
          <IconButton icon={Palette} label="Appearance" onClick={showAppearance} />
        </aside>
      )}
      {isOpen && (
        <aside
          className={classes('cvl-ed-sidebar', isCompact && 'cvl-ed-sidebar-over')}
          style={isCompact ? undefined : { width: layout.sidebarWidth }}
          aria-label="Sidebar"
        >
          {!isCompact && <Resizer />}
          <Tabs label="Sidebar" tabs={TABS} value={tab} onChange={setTab}>
            {tab === 'objects' ? <ObjectsPanel /> : <LabelsPanel />}
          </Tabs>
          <AppearancePanel isOpen={hasAppearance} onToggle={setAppearance} />
          {!isCompact && (
            <IconButton
              icon={PanelRightClose}
              label="Fold the sidebar"
              className="cvl-ed-fold"
              onClick={() => setOpen(false)}
            />
          )}
        </aside>
      )}
    </>
  );
}

/** The edge of the sidebar, to drag. */
function Resizer() {
  const { layout, setLayout, root } = useEditorContext();
  const resize = (width: number) =>
    setLayout({ sidebarWidth: Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width))) });
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons === 1) resize(root.getBoundingClientRect().right - event.clientX);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be moved is no thematic break
    <div
      className="cvl-ed-resizer"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the sidebar"
      aria-valuenow={layout.sidebarWidth}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={MAX_WIDTH}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') resize(layout.sidebarWidth + KEY_STEP);
        if (event.key === 'ArrowRight') resize(layout.sidebarWidth - KEY_STEP);
      }}
    />
  );
}
