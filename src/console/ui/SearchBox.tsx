import { Input } from 'antd';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';

/** A search that stands in the URL (`q`), a moment after the last key; a new search starts on page one. */
export function SearchBox({ label }: { label: string }) {
  const [params, setParams] = useSearchParams();
  const applied = params.get('q') ?? '';
  const [text, setText] = useState(applied);
  const [known, setKnown] = useState(applied);
  if (applied !== known) {
    // The URL changed by itself: back, forward or a link.
    setKnown(applied);
    if (applied !== text.trim()) setText(applied);
  }
  useEffect(() => {
    if (text.trim() === applied) return;
    const timer = setTimeout(() => {
      setParams(
        (now) => {
          if (text.trim()) now.set('q', text.trim());
          else now.delete('q');
          now.delete('page');
          return now;
        },
        { replace: true },
      );
    }, 250);
    return () => clearTimeout(timer);
  }, [text, applied, setParams]);
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
    />
  );
}
