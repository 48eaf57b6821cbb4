import { useState } from 'react';
import './PositionInput.css';

/** A position in a list that can be edited: Enter moves there, Escape cancels. */
export function PositionInput({
  position,
  last,
  label,
  disabled,
  onMove,
}: {
  /** Starts at 1. */
  position: number;
  last: number;
  label: string;
  disabled?: boolean;
  onMove: (to: number) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const commit = () => {
    const wanted = Math.min(Math.max(Number.parseInt(typed ?? '', 10) || position, 1), last);
    setTyped(undefined);
    if (wanted !== position) onMove(wanted);
  };
  return (
    <input
      className="position"
      inputMode="numeric"
      aria-label={label}
      title={label}
      disabled={disabled}
      value={typed ?? String(position)}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setTyped(event.target.value.normalize('NFKC').replace(/\D/g, ''))}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setTyped(undefined);
        if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        commit();
      }}
    />
  );
}
