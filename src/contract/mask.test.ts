import { expect, it } from 'vitest';
import { isMask, type Mask, masked } from './mask.ts';

it.each<[Mask, string | number | boolean, string]>([
  ['ALL', 'anything', '••••••••'],
  ['ALL', '', '••••••••'],
  ['ALL', 7, '••••••••'],
  ['ALL', true, '••••••••'],
  ['PHONE', '13812345678', '138••••5678'],
  ['PHONE', '+81 90-1234-5678', '819••••5678'],
  ['PHONE', '23456789', '••••89'],
  ['PHONE', '4711', '••••••••'],
  ['PHONE', 'call me', '••••••••'],
  ['EMAIL', 'misaki@example.com', 'm••••@example.com'],
  ['EMAIL', '王小明@example.com', '王••••@example.com'],
  ['EMAIL', 'x@y', '••••••••'],
  ['EMAIL', 'nobody', '••••••••'],
  ['ID_NUMBER', '11010519491231002X', '••••002X'],
  ['ID_NUMBER', 'A123456789', '••••6789'],
  ['ID_NUMBER', '12345', '••••••••'],
  ['ID_NUMBER', '4711      ', '••••••••'],
  ['ID_NUMBER', '      4711', '••••••••'],
  ['ID_NUMBER', ' A123456789 ', '••••6789'],
])('mask %s shows no more of %s than its pattern allows', (mask, value, shown) => {
  expect(masked(value, mask)).toBe(shown);
  expect(isMask(masked(value, mask))).toBe(true);
});
