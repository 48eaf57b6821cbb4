import { zodResolver } from '@hookform/resolvers/zod';
import type { FormEvent } from 'react';
import type { FieldPath, FieldValues, Resolver, UseFormReturn } from 'react-hook-form';
import type { z } from 'zod';
import { ApiError, type ErrorName } from '#contract/wire/errors';
import { issue, nameIssue } from '#contract/wire/issue';
import { sayError, toast } from '../ui/toasts.ts';
import { placeIssues } from './placeIssues.ts';

/** Judges a form by the contract's own schema. */
export function judgedBy<V extends FieldValues>(schema: z.ZodType<V, FieldValues>): Resolver<V, unknown, V> {
  // A form holds what the schema makes of an input; what the schema takes is wider, as SDKs send it.
  return zodResolver(schema, { error: nameMissing }) as Resolver<FieldValues, unknown, V> as Resolver<V, unknown, V>;
}

/** A required text that is empty is missing, not too short. */
const nameMissing: typeof nameIssue = (raw) =>
  raw.code === 'too_small' && raw.origin === 'string' && raw.minimum === 1 ? issue('required') : nameIssue(raw);

/**
 * Sends what a form holds. A refusal stands beside the input that it is about, by its issues or, where it has none, by
 * its name (`about`); all else is told.
 */
export function submit<V extends FieldValues, O>(
  form: UseFormReturn<V, unknown, O>,
  send: (values: O) => Promise<unknown>,
  { about = {}, tell = toast.error }: Refusal<V> = {},
) {
  function place(error: Error) {
    const named = error instanceof ApiError && about[error.name];
    if (named) return form.setError(named, { message: sayError(error) }, { shouldFocus: true });
    const asked = form.getValues();
    const placed = placeIssues(error, (path) => path.map(String).find((part) => part in asked), tell);
    for (const [name, message] of Object.entries(placed))
      form.setError(name as FieldPath<V>, { message: String(message) }, { shouldFocus: true });
  }
  return (event: FormEvent) => {
    // React also tells of it whatever form the dialog of this one was opened from.
    event.stopPropagation();
    return form.handleSubmit((values) => send(values).catch(place))(event);
  };
}

export interface Refusal<V extends FieldValues> {
  about?: Partial<Record<ErrorName, FieldPath<V>>>;
  tell?: (error: Error) => unknown;
}
