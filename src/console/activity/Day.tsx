import { Input } from 'antd';
import { lazy, Suspense, useId } from 'react';
import { useSearchParams } from 'react-router';
import './Day.css';

const DayInput = lazy(() => import('../inputs/DateInput.tsx').then((m) => ({ default: m.DayInput })));

/** A day filter in the URL. */
export function Day({ name, label }: { name: string; label: string }) {
  const id = useId();
  const [params, setParams] = useSearchParams();
  return (
    <div className="day-filter">
      <label htmlFor={id}>{label}</label>
      <Suspense fallback={<Input id={id} disabled />}>
        <DayInput
          id={id}
          value={params.get(name)}
          onChange={(day) =>
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
