/** Short messages at the corner of the window. Errors stay until they are closed: nobody should have to read fast. */

import { CircleCheck, CircleX, Info, X } from 'lucide-react';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { IconButton } from './Button';
import { describeError, isCancelled } from './errors';
import { InLayer } from './Layer';

type Kind = 'info' | 'good' | 'bad';

interface Toast {
  id: number;
  kind: Kind;
  title: string;
  text: string;
}

export interface Toaster {
  /** Say what was done. Goes away by itself. */
  say(title: string, kind?: 'info' | 'good'): void;
  /** Say what failed (`Cannot delete task 5`) and why. Cancelled work is no failure. */
  fail(title: string, error: unknown): void;
}

const LIFE_MS = 4000;
const ICONS = { info: Info, good: CircleCheck, bad: CircleX };
const TONES = { info: 'progress', good: 'good', bad: 'bad' };

const ToastContext = createContext<Toaster | null>(null);

export function useToasts(): Toaster {
  const toaster = useContext(ToastContext);
  if (!toaster) throw new Error('useToasts must be used below ToastProvider');
  return toaster;
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const next = useRef(1);
  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const add = useCallback(
    (kind: Kind, title: string, text = '') => {
      const id = next.current++;
      setToasts((all) => [
        ...all.filter((toast) => toast.title !== title || toast.text !== text),
        { id, kind, title, text },
      ]);
      if (kind !== 'bad') setTimeout(() => close(id), LIFE_MS);
    },
    [close],
  );
  const toaster = useMemo<Toaster>(
    () => ({
      say: (title, kind = 'info') => add(kind, title),
      fail: (title, error) => {
        if (!isCancelled(error)) add('bad', title, describeError(error));
      },
    }),
    [add],
  );
  return (
    <ToastContext.Provider value={toaster}>
      {children}
      <InLayer>
        <div className="cvl-toasts">
          {toasts.map((toast) => (
            <ToastCard key={toast.id} toast={toast} onClose={() => close(toast.id)} />
          ))}
        </div>
      </InLayer>
    </ToastContext.Provider>
  );
}

function ToastCard({ toast, onClose }: { toast: Toast; onClose: () => void }) {
  const Icon = ICONS[toast.kind];
  return (
    <div
      className={`cvl-toast cvl-tone-${TONES[toast.kind]}`}
      role={toast.kind === 'bad' ? 'alert' : 'status'}
    >
      <Icon size={16} aria-hidden />
      <div className="cvl-toast-text">
        <strong>{toast.title}</strong>
        {toast.text}
      </div>
      <IconButton icon={X} label="Dismiss" size="small" onClick={onClose} />
    </div>
  );
}
