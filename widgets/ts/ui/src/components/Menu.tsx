/** A button that opens a menu, for example the Actions of a task. */

import type { LucideIcon } from 'lucide-react';
import { Check, EllipsisVertical } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button, IconButton } from './Button';
import { classes } from './classes';
import { focusable } from './focus';
import { Popup } from './Popup';

export interface MenuItem {
  label: string;
  icon?: LucideIcon;
  onSelect: () => void;
  /** A shortcut, or whatever else stands at the right. */
  hint?: string;
  danger?: boolean;
  disabled?: boolean;
  /** A line above the item. */
  separated?: boolean;
  /** A title above the item, for the group that starts with it. */
  heading?: string;
  /** One of several that exclude each other: whether it is the one. */
  checked?: boolean;
}

interface MenuProps {
  /** Text of the button, or its accessible name when `compact`. */
  label: string;
  items: MenuItem[];
  /** Three dots instead of text. */
  compact?: boolean;
  icon?: LucideIcon;
  size?: 'normal' | 'small';
  align?: 'start' | 'end';
}

export function Menu({ label, items, compact, icon, size, align = 'end' }: MenuProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const button = {
    ref: anchor,
    'aria-haspopup': 'menu' as const,
    'aria-expanded': open,
    onClick: () => setOpen(!open),
  };
  const close = () => {
    setOpen(false);
    anchor.current?.focus();
  };
  return (
    <>
      {compact ? (
        <IconButton icon={icon ?? EllipsisVertical} label={label} size={size} {...button} />
      ) : (
        <Button icon={icon ?? EllipsisVertical} size={size} {...button}>
          {label}
        </Button>
      )}
      {open && (
        <Popup
          anchor={anchor}
          align={align}
          onClose={(reason) => (reason === 'escape' ? close() : setOpen(false))}
        >
          <MenuList items={items} label={label} onClose={close} />
        </Popup>
      )}
    </>
  );
}

export interface MenuListProps {
  items: MenuItem[];
  label: string;
  onClose: () => void;
}

export function MenuList({ items, label, onClose }: MenuListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (list.current) focusable(list.current)[0]?.focus();
  }, []);
  return (
    <div
      ref={list}
      role="menu"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={(event) => moveInMenu(event, list.current!, onClose)}
    >
      {items.map((item) => (
        <MenuRow key={`${item.heading ?? ''} ${item.label}`} item={item} onClose={onClose} />
      ))}
    </div>
  );
}

function MenuRow({ item, onClose }: { item: MenuItem; onClose: () => void }): ReactNode {
  const { label, icon, onSelect, hint, danger, disabled, separated, heading, checked } = item;
  const Icon = checked ? Check : icon;
  const select = () => {
    onClose();
    onSelect();
  };
  return (
    <>
      {separated && <hr />}
      {heading && <div className="cvl-option-heading">{heading}</div>}
      <button
        type="button"
        {...(checked === undefined
          ? { role: 'menuitem' }
          : { role: 'menuitemradio', 'aria-checked': checked })}
        className={classes('cvl-option', danger && 'cvl-option-danger')}
        disabled={disabled}
        onClick={select}
      >
        {Icon ? (
          <Icon size={15} aria-hidden />
        ) : (
          checked !== undefined && <span className="cvl-option-blank" />
        )}
        <span className="cvl-ellipsis">{label}</span>
        {hint && <span className="cvl-option-hint">{hint}</span>}
      </button>
    </>
  );
}

function moveInMenu(event: KeyboardEvent, list: HTMLElement, onClose: () => void): void {
  if (event.key === 'Tab') {
    event.preventDefault();
    event.stopPropagation();
    onClose();
    return;
  }
  const stops = focusable(list);
  const here = stops.indexOf(document.activeElement as HTMLElement);
  const target = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  stops.at(target % stops.length)?.focus();
}
