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

describe('what a refusal says', () => {
  it('stands at the controls that it is about, the first complaint of each', () => {
    const error = refused(['email'], ['email', 'again'], ['name']);
    expect(issuesByControl(error, oneOf('email', 'name'))).toEqual({
      placed: { email: 'about email', name: 'about name' },
      isAll: true,
    });
  });

  it('isn’t all placed where some of it has no control, or where it is about none', () => {
    expect(issuesByControl(refused(['email'], ['role']), oneOf('email'))).toEqual({
      placed: { email: 'about email' },
      isAll: false,
    });
    expect(issuesByControl(new ApiError('forbidden'), oneOf('email'))).toEqual({ placed: {}, isAll: false });
    expect(issuesByControl(new Error('broken'), oneOf('email'))).toEqual({ placed: {}, isAll: false });
  });
});
