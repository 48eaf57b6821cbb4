import { ConfigProvider } from 'antd';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { popups } from './Dialog.tsx';
import './Popover.css';

/**
 * Something small to decide at the button that opened it, which stands beside it in a `PopoverHome`. Escape and
 * whatever one does elsewhere close it; after Escape the focus is on the button again.
 */
export function Popover({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  const close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    const shown = box.current;
    if (!shown) return;
    const clamp = () => keepInWindow(shown);
    const elsewhere = ({ target }: Event) => {
      if (!shown.parentElement?.contains(target as Node)) close.current();
    };
    shown.show();
    clamp();
    window.addEventListener('resize', clamp);
    document.addEventListener('pointerdown', elsewhere);
    document.addEventListener('focusin', elsewhere);
    return () => {
      window.removeEventListener('resize', clamp);
      document.removeEventListener('pointerdown', elsewhere);
      document.removeEventListener('focusin', elsewhere);
      // Gives the focus back, unless it is elsewhere already.
      if (shown.contains(document.activeElement)) shown.close();
    };
  }, []);
  return (
    <dialog
      ref={box}
      className="dialog popover"
      aria-labelledby={id}
      onKeyDownCapture={(event) => {
        if (event.key !== 'Escape' || event.currentTarget.querySelector(popups)) return;
        event.preventDefault();
        onClose();
      }}
    >
      <div className="popover-body">
        <h2 id={id}>{title}</h2>
        <ConfigProvider getPopupContainer={() => box.current ?? document.body}>{children}</ConfigProvider>
      </div>
    </dialog>
  );
}

/** The place of a button and its popover. */
export function PopoverHome({ children }: { children: ReactNode }) {
  return <div className="popover-home">{children}</div>;
}

const gap = 12;

function keepInWindow(shown: HTMLElement): void {
  shown.style.marginLeft = '0';
  shown.style.maxWidth = `${document.body.clientWidth - 2 * gap}px`;
  const { left, right } = shown.getBoundingClientRect();
  const over = right - (document.body.clientWidth - gap);
  if (over > 0) shown.style.marginLeft = `${-Math.min(over, left - gap)}px`;
}
