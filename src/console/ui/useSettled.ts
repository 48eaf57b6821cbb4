import { useEffect, useState } from 'react';

/** A text shortly after the last keystroke, so that the server isn't asked on every one. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 200);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
