/** Buttons: with text, with an icon only, and as a link inside text. */

import type { LucideIcon } from 'lucide-react';
import { type ButtonHTMLAttributes, forwardRef } from 'react';
import { classes } from './classes';
import { Spinner } from './ProgressBar';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'normal' | 'primary' | 'danger' | 'ghost';
  size?: 'normal' | 'small';
  icon?: LucideIcon;
  /** Shows a spinner in place of the icon and refuses clicks. */
  busy?: boolean;
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { kind = 'normal', size = 'normal', icon: Icon, busy = false, className, children, disabled, ...rest },
  ref,
) {
  const style = classes(
    'cvl-button',
    `cvl-button-${kind}`,
    size === 'small' && 'cvl-button-small',
    className,
  );
  return (
    <button ref={ref} type="button" className={style} disabled={disabled || busy} {...rest}>
      {busy ? <Spinner /> : Icon && <Icon size={15} aria-hidden />}
      {children}
    </button>
  );
});

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: LucideIcon;
  /** Says what the button does; also its tooltip. */
  label: string;
  size?: 'normal' | 'small';
}

export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
  { icon: Icon, label, size = 'normal', className, ...rest },
  ref,
) {
  const style = classes('cvl-button cvl-button-icon', size === 'small' && 'cvl-button-small', className);
  return (
    <button ref={ref} type="button" className={style} aria-label={label} title={label} {...rest}>
      <Icon size={size === 'small' ? 14 : 16} aria-hidden />
    </button>
  );
});

/** A button that reads as a link; for steps within the product, which have no address of their own. */
export function LinkButton({ className, ...rest }: ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button type="button" className={classes('cvl-link', className)} {...rest} />;
}
