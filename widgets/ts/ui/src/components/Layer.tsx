/**
 * The layer above the page that dialogs, menus and toasts are drawn in.
 *
 * It hangs below `body`, not below our root: JupyterLab's panels clip and contain everything inside them, even elements
 * with a fixed position.
 */

import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';

const LayerContext = createContext<HTMLElement | null>(null);

interface LayerProviderProps {
  /** Where the layer hangs; default: `document.body`. */
  home?: HTMLElement;
  children: ReactNode;
}

export function LayerProvider({ home, children }: LayerProviderProps) {
  const [layer] = useState(makeLayer);
  useEffect(() => {
    (home ?? document.body).append(layer);
    return () => layer.remove();
  }, [home, layer]);
  return <LayerContext.Provider value={layer}>{children}</LayerContext.Provider>;
}

/** Draw `children` in the layer. */
export function InLayer({ children }: { children: ReactNode }) {
  const layer = useContext(LayerContext);
  return layer && createPortal(children, layer);
}

function makeLayer(): HTMLElement {
  const layer = document.createElement('div');
  layer.className = 'cvl-root cvl-layer';
  // JupyterLab's shortcuts must not act on what is typed here.
  layer.dataset['lmSuppressShortcuts'] = 'true';
  for (const type of ['keydown', 'keyup', 'keypress'])
    layer.addEventListener(type, (event) => event.stopPropagation());
  return layer;
}
