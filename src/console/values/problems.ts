import { useLayoutEffect, useState } from 'react';
import type { FieldErrors } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { groupsOf, labelOf } from '#contract/field';
import { useLanguage } from '../ui/language.ts';
import { parts } from './draft.ts';
import type { Clash, FormValues } from './form.ts';
import type { TargetData } from './targets.ts';

/** A field to lead to. A new object leads there again. */
export interface Goal {
  path: string;
  /** The work goes on there: nothing moves, and the text of another target is selected, as by Tab. */
  goesOn?: 'here' | 'elsewhere';
}

/** The field that had the focus when a form went, and of which target. */
let left: { path: string; target: string } | undefined;

const has = (data: TargetData, path: string) =>
  parts.some((part) => data[part].some(({ key }) => `${part}.${key}` === path));

/** The form after a save, and that of the next target, go on in the field where the last one was left. */
function useGoal(target: string, data: TargetData) {
  const [goal, setGoal] = useState<Goal>();
  useLayoutEffect(() => {
    if (left && has(data, left.path))
      setGoal({ path: left.path, goesOn: left.target === target ? 'here' : 'elsewhere' });
    left = undefined;
    return () => {
      const path = document.activeElement?.closest<HTMLElement>('[data-path]')?.dataset.path;
      left = path ? { path, target } : undefined;
    };
  }, [target, data]);
  return [goal, setGoal] as const;
}

/** What keeps a form from being saved: for the save bar, and the field to lead to. */
export function useProblems(target: string, data: TargetData, errors: FieldErrors<FormValues>, clashes: Clash[]) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [goal, setGoal] = useGoal(target, data);
  const found = problemsIn(data, errors, clashes);
  const [first] = found;
  const lead = (path: string | undefined) => path && setGoal({ path });
  return {
    goal,
    lead,
    /** Leads to the first problem of a save. */
    leadToFirst: (failed: FieldErrors<FormValues>, met: Clash[]) => lead(problemsIn(data, failed, met)[0]?.path),
    problem: first && {
      text: t(found.length > 1 ? 'values.problems' : 'values.problem', {
        count: found.length,
        name: labelOf(first.field, language),
      }),
      onShow: () => lead(first.path),
    },
  };
}

/** The fields with an error or a conflict, in the order of the form. */
function problemsIn(data: TargetData, errors: FieldErrors<FormValues>, clashes: Clash[]) {
  const shown = { builtin: data.builtin, custom: groupsOf(data.custom).flatMap(({ fields }) => fields) };
  return parts.flatMap((part) =>
    shown[part]
      .map((field) => ({ path: `${part}.${field.key}`, field }))
      .filter(({ path, field }) => errors[part]?.[field.key] || clashes.some((clash) => clash.path === path)),
  );
}

/** Focuses what decides about a field: the choice in a conflict, else its control. Whether the field is there. */
export function focusField({ path, goesOn }: Goal): boolean {
  const frame = [...document.querySelectorAll<HTMLElement>('[data-path]')].find(({ dataset }) => dataset.path === path);
  if (!frame) return false;
  const control = frame.querySelector<HTMLElement>(
    ':is(.clash button, input, textarea):not(:disabled, [type="radio"]:not(:checked))',
  );
  const decides = frame.querySelector<HTMLElement>('.clash button') ?? control ?? frame.querySelector('input');
  // Nobody looks at the field because of that (ValueField.tsx).
  if (goesOn) frame.dataset.goesOn = goesOn;
  decides?.focus({ preventScroll: true });
  delete frame.dataset.goesOn;
  if (goesOn === 'elsewhere' && (decides instanceof HTMLInputElement || decides instanceof HTMLTextAreaElement))
    decides.select();
  frame.scrollIntoView({ block: goesOn ? 'nearest' : 'center' });
  return true;
}
