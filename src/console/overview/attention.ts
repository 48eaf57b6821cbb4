import type { Output } from '#contract/endpoints';
import type { Field } from '#contract/field';
import type { TargetType } from '#contract/target';
import { stateOf, type Translations } from '#contract/translation';
import { languages } from '#contract/wire/language';

/** What is known of the fields of a target type. */
export interface Space {
  targetType: TargetType;
  fields: Field[];
  counts: Output<'countValues'>;
  misfits: Output<'countMisfits'>['fields'];
}

/** Something that needs somebody: one field or several, and how many values or texts are concerned. */
export interface Matter {
  kind: 'retired' | 'breaches' | 'unfit' | 'translations' | 'undescribed' | 'unfilled';
  targetType: TargetType;
  fields: Field[];
  count: number;
}

/** The values first, then what concerns definitions, the largest number first. */
export function mattersOf(spaces: Space[], { mayDefine }: { mayDefine: boolean }): Matter[] {
  const ofValues = spaces.flatMap(({ targetType, fields, misfits }) =>
    fields.flatMap((field) =>
      (['breaches', 'unfit', 'retired'] as const).flatMap((kind): Matter[] => {
        const count = misfits[field.key]?.[kind] ?? 0;
        return count ? [{ kind, targetType, fields: [field], count }] : [];
      }),
    ),
  );
  const matters = ofValues.sort((a, b) => b.count - a.count);
  return mayDefine ? [...matters, ...spaces.flatMap(ofDefinitions)] : matters;
}

function ofDefinitions({ targetType, fields, counts }: Space): Matter[] {
  const some = (kind: Matter['kind'], which: Field[]): Matter[] =>
    which.length ? [{ kind, targetType, fields: which, count: which.length }] : [];
  const untranslated = fields.filter((field) => openTexts(field) > 0);
  const texts = untranslated.reduce((sum, field) => sum + openTexts(field), 0);
  const isUnfilled = ({ key }: Field) => counts.targets > 0 && counts.holders[key] === 0;
  return [
    ...(texts ? [{ kind: 'translations' as const, targetType, fields: untranslated, count: texts }] : []),
    ...some('unfilled', fields.filter(isUnfilled)),
    ...some(
      'undescribed',
      fields.filter(({ description }) => !description),
    ),
  ];
}

/** How many translations of a field are missing or outdated. A field without any isn't meant to have them. */
function openTexts(field: Field): number {
  const texts: [string, Translations][] = [
    [field.label, field.i18n.label],
    [field.description, field.i18n.description],
  ];
  const states = texts.flatMap(([text, units]) =>
    text ? languages.map((language) => stateOf(text, units[language])) : [],
  );
  const isTranslated = states.some((state) => state === 'done' || state === 'outdated');
  return isTranslated ? states.filter((state) => state === 'missing' || state === 'outdated').length : 0;
}
