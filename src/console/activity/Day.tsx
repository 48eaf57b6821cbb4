import { Input } from 'antd';
import { lazy, Suspense, useId } from 'react';
import { useSearchParams } from 'react-router';
import { patiently } from '../reach.ts';
import { useLanguage } from '../ui/language.ts';
import './Day.css';

const DayInput = lazy(() => patiently(() => import('../inputs/DateInput.tsx')).then((m) => ({ default: m.DayInput })));

/** A day filter in the URL. */
export function Day({ name, label }: { name: string; label: string }) {
  const id = useId();
  const language = useLanguage();
  const [params, setParams] = useSearchParams();
  return (
    <div className="day-filter">
      <label htmlFor={id}>{label}</label>
      <Suspense fallback={<Input id={id} disabled style={{ width: 136 }} />}>
        <DayInput
          id={id}
          language={language}
          placeholder=""
          style={{ width: 136 }}
          day={params.get(name)}
          onDay={(day) =>
            setParams(
              (now) => {
                if (day) now.set(name, day);
                else now.delete(name);
                return now;
              },
              { replace: true },
            )
          }
        />
      </Suspense>
    </div>
  );
}
