import { useQueryClient } from '@tanstack/react-query';
import { type FieldOption, labelOf } from '#contract/field';
import type { TargetType } from '#contract/target';
import { definitionQueries } from '../../definitions.ts';
import { useLanguage } from '../../ui/language.ts';
import { fieldQueries } from '../queries.ts';

interface Named {
  targetType: TargetType;
  key: string;
  label: string;
}

/** A plan names fields and options by their default texts. These are the viewer's, as far as the console has them. */
export function useLabels() {
  const client = useQueryClient();
  const language = useLanguage();
  const fieldOf = ({ targetType, key }: Omit<Named, 'label'>) =>
    client.getQueryData(definitionQueries.custom(targetType).queryKey)?.find((field) => field.key === key) ??
    client.getQueryData(fieldQueries.trash(targetType).queryKey)?.find(({ field }) => field.key === key)?.field;
  return {
    field: ({ label, ...place }: Named): string => {
      const known = fieldOf(place);
      return known && known.label === label ? labelOf(known, language) : label;
    },
    option: (place: Omit<Named, 'label'>, option: FieldOption): string => {
      const field = fieldOf(place);
      const stored =
        field && 'options' in field
          ? [...field.options, ...field.retiredOptions].find(({ value }) => value === option.value)
          : undefined;
      return labelOf(option.i18n || stored?.label !== option.label ? option : stored, language);
    },
  };
}
