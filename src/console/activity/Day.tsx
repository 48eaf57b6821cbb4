import { Input } from 'antd';
import { useId } from 'react';
import { useSearchParams } from 'react-router';
import './Day.css';

/** A day filter in the URL. */
export function Day({ name, label }: { name: string; label: string }) {
  const id = useId();
  const [params, setParams] = useSearchParams();
  return (
    <div className="day-filter">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        type="date"
        value={params.get(name) ?? ''}
        onChange={({ target }) =>
          setParams(
            (now) => {
              if (target.value) now.set(name, target.value);
              else now.delete(name);
              return now;
            },
            { replace: true },
          )
        }
      />
    </div>
  );
}
