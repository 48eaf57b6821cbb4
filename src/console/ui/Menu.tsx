import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { fold } from '#contract/wire/fold';
import './Menu.css';

/** A button with a short list of actions. Escape, a choice and a lost focus close it. */
export function Menu({ label, face, children }: { label: string; face: ReactNode; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!frame.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    itemsOf(frame.current)[0]?.focus();
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);
  return (
    <div
      className="menu"
      ref={frame}
      role="presentation"
      onClick={({ target }) => {
        if (!(target instanceof Element && target.closest('[role="menu"]'))) return;
        setOpen(false);
        // A dialog that the choice opens gives the focus back to what had it.
        button.current?.focus();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open) {
          event.stopPropagation();
          setOpen(false);
          button.current?.focus();
        }
        const next = open && !(event.target instanceof HTMLInputElement) && nextOf(event.key, itemsOf(frame.current));
        if (next) {
          event.preventDefault();
          next.focus();
        }
      }}
    >
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {face}
      </button>
      {open && (
        <div className="menu-list" id={id} role="menu" aria-label={label}>
          {children}
        </div>
      )}
    </div>
  );
}

function itemsOf(frame: HTMLElement | null): HTMLElement[] {
  return [...(frame?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
}

/** The item that a key leads to: an arrow, an end, or the first sign of its name. */
function nextOf(key: string, items: HTMLElement[]): HTMLElement | undefined {
  const at = items.indexOf(document.activeElement as HTMLElement);
  if (key === 'ArrowDown') return items[(at + 1) % items.length];
  if (key === 'ArrowUp') return items.at(at <= 0 ? -1 : at - 1);
  if (key === 'Home') return items[0];
  if (key === 'End') return items.at(-1);
  if (key.length > 1 || key === ' ') return undefined;
  const below = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return below.find(({ textContent }) => fold(textContent.trim()).startsWith(fold(key)));
}
