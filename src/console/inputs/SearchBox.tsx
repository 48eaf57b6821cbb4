import { Input, type InputProps } from 'antd';
import { Search, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
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
    <SearchInput
      className="search"
      label={label}
      value={text}
      onType={setText}
      onKeyDown={(event) => {
        // Moves to the first row. The arrow keys continue from there.
        if (event.key !== 'ArrowDown' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        document.querySelector<HTMLElement>('main .row-link')?.focus();
      }}
    />
  );
}

/** What is searched is typed here. */
export function SearchInput({
  label,
  value,
  onType,
  ...given
}: {
  label: string;
  value: string;
  onType: (text: string) => void;
} & Pick<InputProps, 'className' | 'onKeyDown' | 'onPressEnter'>) {
  const { t } = useTranslation();
  // antd's own icon is read out by its English name.
  const clearIcon = (
    <>
      <X className="icon" aria-hidden />
      <span className="hidden-text">{t('app.clear')}</span>
    </>
  );
  return (
    <Input
      {...given}
      type="search"
      allowClear={{ clearIcon }}
      aria-label={label}
      placeholder={label}
      prefix={<Search className="icon" aria-hidden />}
      value={value}
      onChange={(event) => onType(event.target.value)}
    />
  );
}
