import { type ReactNode, useEffect, useId, useRef } from 'react';

/** A modal dialog that is open while it is mounted. Escape closes it. */
export function Dialog({
  title,
  onClose,
  className = '',
  stays = false,
  children,
}: {
  title: string;
  onClose: () => void;
  className?: string;
  /** Escape doesn't close it, because something would be lost. */
  stays?: boolean;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      aria-labelledby={id}
      onCancel={(event) => (stays ? event.preventDefault() : onClose())}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}
