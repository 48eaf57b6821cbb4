import { ConfigProvider } from 'antd';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';

/** What is open inside a dialog or a popover takes Escape for itself. */
export const popups = '.ant-select-open, .ant-picker-dropdown:not(.ant-picker-dropdown-hidden)';

/**
 * Something to decide before one goes on, above the page as long as it is mounted. Escape closes it; a press beside it
 * doesn't, as what was typed would be lost. Then the focus is where it was before.
 */
export function Dialog({
  onClose,
  size = 'small',
  className = '',
  stays = false,
  children,
  ...named
}: {
  onClose: () => void;
  size?: 'small' | 'medium' | 'large' | 'wide';
  className?: string;
  /** Escape doesn't close it, because something would be lost. */
  stays?: boolean;
  children: ReactNode;
} & ({ title: string } | { /** Its name where no title stands in it. */ label: string })) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Only one that closes gives the focus back; one that is merely removed loses it.
    return () => shown?.close();
  }, []);
  const name = 'title' in named ? { 'aria-labelledby': id } : { 'aria-label': named.label };
  // A form in a form is none, so that it never stands in what opened it.
  return createPortal(
    <dialog
      ref={dialog}
      className={`dialog ${size} ${className}`}
      {...name}
      onKeyDownCapture={(event) => {
        const closes = !stays && !event.currentTarget.querySelector(popups);
        if (event.key === 'Escape' && !closes) event.preventDefault();
      }}
      onCancel={(event) => {
        // React also tells of one that was opened from inside this one.
        if (event.target !== event.currentTarget) return;
        if (stays) event.preventDefault();
        else onClose();
      }}
    >
      <div className="dialog-body">
        {'title' in named && <h2 id={id}>{named.title}</h2>}
        {/* A dialog is above everything, so what opens inside it opens in it, beside the body, whose scrolling would clip it. */}
        <ConfigProvider getPopupContainer={() => dialog.current ?? document.body}>{children}</ConfigProvider>
      </div>
    </dialog>,
    document.body,
  );
}
