import { useEffect, useRef, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import type { FieldDefinition } from '#contract/field';
import type { Property } from '#contract/plan';
import { type FieldTab, firstTabOf, tabOf } from '../../paths.ts';

/** What keeps a field from being saved: the tabs that hold it, and the way to the first. */
export function useProblems(
  form: UseFormReturn<FieldDefinition>,
  {
    tabs,
    current,
    open,
  }: { tabs: FieldTab[]; current: FieldTab | undefined; open: (tab: FieldTab, isHere: boolean) => void },
) {
  const frame = useRef<HTMLFormElement>(null);
  const [goal, setGoal] = useState<{ tab: FieldTab | undefined }>();
  const tabWith = (names: string[]) => tabs.filter((tab) => names.some((name) => firstTabOf([name]) === tab));
  useEffect(() => {
    if (!goal || goal.tab !== current) return;
    // The tab and the rows of a long list may still be loading.
    const until = performance.now() + 3_000;
    let next = requestAnimationFrame(function look() {
      if (focusProblem(frame.current) || performance.now() > until) setGoal(undefined);
      else next = requestAnimationFrame(look);
    });
    return () => cancelAnimationFrame(next);
  }, [goal, current]);
  return {
    frame,
    wrong: tabWith(Object.keys(form.formState.errors)),
    /** Leads to the first problem. */
    lead() {
      const failed = (Object.keys(tabOf) as Property[]).filter((name) => form.getFieldState(name as 'label').invalid);
      const tab = current && (tabWith(failed)[0] ?? current);
      // Also if it is this one: the person may have just left it.
      if (tab) open(tab, tab === current);
      setGoal({ tab });
    },
  };
}

/** Focuses the first control with a problem that can be seen. Whether there is one. */
function focusProblem(frame: HTMLElement | null): boolean {
  const marked = [...(frame?.querySelectorAll<HTMLElement>('[aria-invalid="true"], .field-error') ?? [])];
  const problem = marked.find((one) => one.checkVisibility() && !one.closest('[role="tab"][aria-selected="true"]'));
  if (!problem) return false;
  const language = problem.closest<HTMLElement>('[role="tab"]');
  if (language) {
    language.click();
    return false;
  }
  const inside = problem.closest('.field, .switch-row')?.querySelector<HTMLElement>(controls);
  const control = problem.matches(controls) ? problem : (inside ?? problem);
  // What is wrong with a whole list is read where it stands.
  if (control === problem && !problem.matches(controls)) problem.tabIndex = -1;
  control.focus({ preventScroll: true });
  control.scrollIntoView({ block: 'center' });
  return true;
}

const controls = ':is(input, textarea, button, [role="combobox"]):not(:disabled)';
