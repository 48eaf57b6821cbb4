import type { Value } from '#contract/value';
import { exactNumber } from '#contract/wire/number';

/** Reads full-width digits and thousands separators. Anything else stays text. */
export function readNumber(text: string): Value | null {
  const plain = text
    .normalize('NFKC')
    .trim()
    .replace(/,(?=\d{3}(\D|$))/g, '')
    .replace(/^\+/, '');
  if (plain === '') return null;
  const read = exactNumber(plain);
  return typeof read === 'number' ? read : plain;
}
