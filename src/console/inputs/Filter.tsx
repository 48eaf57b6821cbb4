import { Select } from 'antd';
import { useSearchParams } from 'react-router';

/** A filter in the URL, under `name`. */
export function Filter({
  name,
  label,
  options,
}: {
  name: string;
  label: string;
  options: { value: string; label: string }[];
}) {
  const [params, setParams] = useSearchParams();
  return (
    <Select
      allowClear
      aria-label={label}
      placeholder={label}
      value={params.get(name)}
      options={options}
      popupMatchSelectWidth={false}
      onChange={(value: string | undefined) =>
        setParams(
          (now) => {
            if (value) now.set(name, value);
            else now.delete(name);
            return now;
          },
          { replace: true },
        )
      }
    />
  );
}
