import { Input } from 'antd';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';

/** A search in the URL, shortly after the last keystroke. A new search starts on page one. */
export function SearchBox({ label, name = 'q' }: { label: string; name?: string }) {
  const [params, setParams] = useSearchParams();
  const applied = params.get(name) ?? '';
  const [text, setText] = useState(applied);
  const [known, setKnown] = useState(applied);
  if (applied !== known) {
    // The URL changed by navigation: back, forward or a link.
    setKnown(applied);
    if (applied !== text.trim()) setText(applied);
  }
  useEffect(() => {
    if (text.trim() === applied) return;
    const timer = setTimeout(() => {
      setParams(
        (now) => {
          if (text.trim()) now.set(name, text.trim());
          else now.delete(name);
          now.delete('page');
          now.delete('cursor');
          return now;
        },
        { replace: true },
      );
    }, 250);
    return () => clearTimeout(timer);
  }, [text, applied, name, setParams]);
  return (
    <Input
      className="search"
      type="search"
      allowClear
      aria-label={label}
      placeholder={label}
      prefix={<Search className="icon" aria-hidden />}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        // Moves to the first row. The arrow keys continue from there.
        if (event.key !== 'ArrowDown' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        document.querySelector<HTMLElement>('main .row-link')?.focus();
      }}
    />
  );
}
