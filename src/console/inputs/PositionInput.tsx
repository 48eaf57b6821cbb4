import { useState } from 'react';
import './PositionInput.css';

/** A place in a list that can be typed over: Enter moves there, Escape leaves it. */
export function PositionInput({
  position,
  last,
  label,
  disabled,
  onMove,
}: {
  /** Counted from 1. */
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
