import { useEffect, useState } from 'react';

/** A text a moment after the last key: what asks the server doesn't ask at every one. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 200);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
