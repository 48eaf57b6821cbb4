import { describe, expect, it } from 'vitest';
import { blankField, type Field } from '#contract/field';
import { type FormValues, resolverFor, valuesOf } from './form.ts';
import type { TargetData } from './targets.ts';

const field = (key: string, more: Partial<Field> = {}) =>
  ({ ...blankField('STRING', 'USER', key), version: 1, ...more }) as Field;
const short = field('short', {
  validateRules: [{ type: 'length', content: '..3', error: 'Three at most' }],
});
const code = field('code', {
  validateRules: [{ type: 'regExp', content: '^[a-z]+$', error: 'Small letters' }],
});
const data: TargetData = {
  entity: { nickname: 'Al', groups: ['a'] },
  builtin: [field('nickname'), field('groups')],
  custom: [short, code],
  customData: { short: 'much too long' },
  memberships: [],
  etag: '',
};

/** The form's errors for these values, by field. */
async function judge(custom: FormValues['custom']) {
  const before = valuesOf(data);
  const values = { ...before, custom: { ...before.custom, ...custom } };
  const { errors } = await resolverFor(data, before, 'en-US')(values, undefined, {
    fields: {},
    shouldUseNativeValidation: false,
  });
  const said = (errors.custom ?? {}) as Record<string, { message?: string }>;
  return Object.fromEntries(Object.entries(said).map(([key, error]) => [key, error.message]));
}

describe('the form of a target', () => {
  it('starts with the stored values; a list or object counts as none', () => {
    expect(valuesOf(data)).toEqual({
      builtin: { nickname: 'Al', groups: null },
      custom: { short: 'much too long', code: null },
    });
  });

  it('never refuses a stored value', async () => {
    expect(await judge({})).toEqual({});
    expect(await judge({ code: 'abc' })).toEqual({});
  });

  it('validates each changed value, with the message of its rule', async () => {
    expect(await judge({ short: 'longer', code: 'ABC' })).toEqual({
      short: 'Three at most',
      code: 'Small letters',
    });
  });

  it('accepts that a value is cleared', async () => {
    expect(await judge({ short: null })).toEqual({});
  });
});
