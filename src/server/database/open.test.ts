import { expect, it } from 'vitest';
import { inSlices } from './open.ts';

it('a slice has more rows than a call takes arguments', async () => {
  expect(await inSlices([1, 2], async () => Array.from({ length: 200_000 }, () => 0), 1)).toHaveLength(400_000);
});
