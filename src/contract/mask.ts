/** The part of a protected value that is shown: nothing, or enough for people to recognise it. */
export const masks = ['ALL', 'PHONE', 'EMAIL', 'ID_NUMBER'] as const;
export type Mask = (typeof masks)[number];

/** Replaces a hidden part. Its length is fixed, so that it doesn't disclose the length of the value. */
export const dots = '••••';
const whole = dots + dots;

/** The masked value. A value that doesn't fit the pattern is hidden completely. */
export function masked(value: string | number | boolean, mask: Mask): string {
  return shown[mask](String(value)) ?? whole;
}

const shown: Record<Mask, (text: string) => string | undefined> = {
  ALL: () => undefined,
  // The two ends would disclose almost all of a short number.
  PHONE(text) {
    const digits = text.replace(/\D/g, '');
    if (digits.length < 8 || /[^\d\s()+.-]/.test(text)) return undefined;
    return digits.length < 11 ? `${dots}${digits.slice(-2)}` : `${digits.slice(0, 3)}${dots}${digits.slice(-4)}`;
  },
  EMAIL(text) {
    const [, first, domain] = /^(.)[^@\s]+@([^@\s]+)$/u.exec(text) ?? [];
    return domain && `${first}${dots}@${domain}`;
  },
  ID_NUMBER: (text) => (/^[\p{L}\d\s-]{10,}$/u.test(text.trim()) ? `${dots}${text.trim().slice(-4)}` : undefined),
};

/** Whether a text contains a mask. Nobody can mean such a text as a value. */
export const isMask = (sent: unknown): boolean => typeof sent === 'string' && sent.includes(dots);
