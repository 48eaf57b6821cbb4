/** A number of a request that no double holds exactly. Every schema refuses it, and value schemas name the reason. */
export class InexactNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** More digits than any double's exact decimal form has, 767, and its zeros. */
const longest = 1_200;

const token = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * The double of a JSON number token. Undefined if the text isn't such a token; `InexactNumber` if it would be rounded.
 */
export function exactNumber(text: string): number | InexactNumber | undefined {
  if (text.length > longest) return new InexactNumber(text);
  if (!token.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) && canonical(String(value)) === canonical(text) ? value : new InexactNumber(text);
}

/** Significant digits and power of ten: 1.50, 15e-1 and 1.5 give the same text. */
function canonical(text: string): string {
  const [, sign, integer = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = (integer + fraction).replace(/^0+/, '');
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  const significant = digits.slice(0, end);
  if (!significant) return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
