/** Modal dialogs. Esc and the close button cancel; the keyboard stays inside. */

import { X } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, type ReactNode, type RefObject, useId, useRef } from 'react';
import { Button, IconButton } from './Button';
import { classes } from './classes';
import { keepTabInside, useFocusInside } from './focus';
import { InLayer } from './Layer';

interface DialogProps {
  title: string;
  /** Called by Esc, the close button, and nothing else: a click beside the dialog must not lose what was entered. */
  onClose: () => void;
  /** Called by Enter in a field and by submit buttons. */
  onSubmit?: () => void;
  size?: 'narrow' | 'normal' | 'wide';
  /** Buttons. */
  foot?: ReactNode;
  children: ReactNode;
}

export function Dialog({ title, onClose, onSubmit, size = 'normal', foot, children }: DialogProps) {
  const root = useRef<HTMLFormElement>(null);
  return (
    <InLayer>
      <div className="cvl-backdrop">
        <DialogForm {...{ title, onClose, onSubmit, size, foot, children, root }} />
      </div>
    </InLayer>
  );
}

/** A component of its own, so that its effects run once the layer has put it into the document. */
function DialogForm(props: DialogProps & { root: RefObject<HTMLFormElement> }) {
  const { title, onClose, onSubmit, size, foot, children, root } = props;
  const heading = useId();
  useFocusInside(root);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') onClose();
    else keepTabInside(event, root.current);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onSubmit?.();
  };
  return (
    <form
      ref={root}
      className={classes('cvl-dialog', size !== 'normal' && `cvl-dialog-${size}`)}
      role="dialog"
      aria-modal="true"
      aria-labelledby={heading}
      tabIndex={-1}
      noValidate
      onKeyDown={onKeyDown}
      onSubmit={submit}
    >
      <header className="cvl-dialog-head">
        <h2 id={heading}>{title}</h2>
        <IconButton icon={X} label="Close" onClick={onClose} />
      </header>
      <div className="cvl-dialog-body">{children}</div>
      {foot && <footer className="cvl-dialog-foot">{foot}</footer>}
    </form>
  );
}

interface ConfirmDialogProps {
  title: string;
  /** What happens, and to what. */
  children: ReactNode;
  /** Text of the button that does it. */
  action: string;
  danger?: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Ask before something that cannot be taken back. The focus starts on Cancel when data would be lost. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, action, danger = false, busy, onConfirm, onCancel } = props;
  return (
    <Dialog
      title={title}
      size="narrow"
      onClose={onCancel}
      onSubmit={onConfirm}
      foot={
        <>
          <Button onClick={onCancel} data-autofocus={danger || undefined}>
            Cancel
          </Button>
          <Button
            type="submit"
            kind={danger ? 'danger' : 'primary'}
            busy={busy}
            data-autofocus={!danger || undefined}
          >
            {action}
          </Button>
        </>
      }
    >
      <div>{children}</div>
    </Dialog>
  );
}
