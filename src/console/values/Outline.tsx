import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import './Outline.css';

/** One section of a form, as its outline names it. */
export interface Entry {
  /** Of its element, whose heading takes the focus. */
  id: string;
  title: string;
  lang: string | undefined;
  /** How many of its fields are changed. */
  changed: number;
}

/** The sections of a long form: where one is, what is changed, and the way there. */
export function Outline({ entries }: { entries: Entry[] }) {
  const { t } = useTranslation();
  const here = useTopmost(entries.map(({ id }) => id).join(' '));
  return (
    <nav className="outline" aria-label={t('values.outline')}>
      <ul>
        {entries.map(({ id, title, lang, changed }) => (
          <li key={id}>
            <button type="button" aria-current={id === here || undefined} onClick={() => leadTo(id)}>
              <span lang={lang}>{title}</span>
              {changed > 0 && (
                <span className="badge" role="img" aria-label={t('app.changes', { count: changed })}>
                  {changed}
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function leadTo(id: string): void {
  const section = document.getElementById(id);
  section?.scrollIntoView();
  section?.querySelector('h2')?.focus({ preventScroll: true });
}

/** The section that reaches the top of the window. */
function useTopmost(ids: string): string | undefined {
  const [topmost, setTopmost] = useState<string>();
  useEffect(() => {
    const seen = new Set<string>();
    const watcher = new IntersectionObserver(
      (changes) => {
        for (const { target, isIntersecting } of changes) {
          if (isIntersecting) seen.add(target.id);
          else seen.delete(target.id);
        }
        setTopmost(ids.split(' ').find((id) => seen.has(id)));
      },
      // Below the bar of the page, in its upper half.
      { rootMargin: '-80px 0px -50% 0px' },
    );
    for (const id of ids.split(' ')) {
      const section = document.getElementById(id);
      if (section) watcher.observe(section);
    }
    return () => watcher.disconnect();
  }, [ids]);
  return topmost;
}
