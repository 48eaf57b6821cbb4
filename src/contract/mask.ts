/** What of a protected value is shown: nothing, or the parts by which people recognise it. */
export const masks = ['ALL', 'PHONE', 'EMAIL', 'ID_NUMBER'] as const;
export type Mask = (typeof masks)[number];

/** What stands for a hidden part: always as long, so that it tells no length. */
export const dots = '••••';
const whole = dots + dots;

/** A value of which the pattern leaves only parts. What the pattern doesn't fit is masked whole. */
export function masked(value: string | number | boolean, mask: Mask): string {
  return shown[mask](String(value)) ?? whole;
}

const shown: Record<Mask, (text: string) => string | undefined> = {
  ALL: () => undefined,
  // A short number would be all but told by its ends.
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

/** Whether a text is one that masks leave, which nobody can mean as a value. */
export const isMask = (sent: unknown): boolean => typeof sent === 'string' && sent.includes(dots);
