import { describe, expect, it } from 'vitest';
import { ApiError } from '#contract/wire/errors';
import { issuesByControl } from './issuesByControl.ts';

const refused = (...paths: (string | number)[][]) =>
  new ApiError(
    'validation',
    paths.map((path) => ({ path, name: 'required' as const, message: `about ${path.join('.')}` })),
  );

const oneOf =
  (...controls: string[]) =>
  ([first]: (string | number)[]) =>
    controls.find((control) => control === first);

describe('the issues of an error', () => {
  it('appear at their controls, the first issue of each', () => {
    const error = refused(['email'], ['email', 'again'], ['name']);
    expect(issuesByControl(error, oneOf('email', 'name'))).toEqual({
      placed: { email: 'about email', name: 'about name' },
      isAll: true,
    });
  });

  it('aren’t all placed if one has no control, or if there are none', () => {
    expect(issuesByControl(refused(['email'], ['role']), oneOf('email'))).toEqual({
      placed: { email: 'about email' },
      isAll: false,
    });
    expect(issuesByControl(new ApiError('forbidden'), oneOf('email'))).toEqual({ placed: {}, isAll: false });
    expect(issuesByControl(new Error('broken'), oneOf('email'))).toEqual({ placed: {}, isAll: false });
  });
});
