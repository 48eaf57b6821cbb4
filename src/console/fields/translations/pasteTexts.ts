import { fold } from '#contract/wire/fold';
import { issue } from '#contract/wire/issue';
import type { Language } from '#contract/wire/language';
import { type Block, type Cells, cellsOf, languagesOf } from '../paste/block.ts';
import type { Complaint, Told, Why } from '../paste/told.ts';
import { type Text, typed, type Unit } from './texts.ts';

export interface Edit {
  text: Text;
  language: Language;
  unit: Unit;
}

/**
 * The edits that a block makes of the visible texts. With a column of values or default texts, its rows find theirs,
 * each of which may be there several times; without one, they cover the texts from a place on. An empty cell changes
 * nothing.
 */
export function pasteTexts(texts: Text[], block: Block, at: number): { edits: Edit[]; told: Told } {
  const isNamed = block.columns.includes('value') || block.columns.includes('label');
  const find = finder(texts);
  const edits: Edit[] = [];
  const complaints: Complaint[] = [];
  let kept = 0;
  for (const { line, cells } of block.rows) {
    const said = cellsOf(block, cells);
    const covered = texts[at + line - (block.isHeaded ? 2 : 1)];
    const found = isNamed ? find(said) : covered ? [covered] : [];
    const own = found.flatMap((text) =>
      languagesOf(block).flatMap((language) => {
        const value = said[language];
        return value ? [{ text, language, unit: typed(value) }] : [];
      }),
    );
    const complain = (why: Why) => complaints.push({ line, ...why });
    const tooLong = own.find(({ text, unit }) => unit.value.length > text.max);
    if (!found.length) complain({ reason: isNamed ? 'unknownText' : 'noRow' });
    else if (tooLong) complain({ message: issue('tooLong', tooLong.text.max) });
    else {
      const changed = own.filter(({ text, language, unit }) => text.units[language].value !== unit.value);
      edits.push(...changed);
      kept += own.length - changed.length;
    }
  }
  return { edits, told: { block, fresh: 0, changed: edits.length, kept, complaints } };
}

/** Finds the texts that a row names: an option's by its value, or any by its default text. */
function finder(texts: Text[]) {
  const known = new Map<string, Text[]>();
  const add = (name: string, text: Text) => known.set(name, [...(known.get(name) ?? []), text]);
  for (const text of texts) {
    if (text.kind === 'option') add(`value ${text.part}`, text);
    add(`label ${fold(text.text.trim())}`, text);
  }
  return ({ value, label }: Cells): Text[] =>
    (value && known.get(`value ${value}`)) || (label && known.get(`label ${fold(label)}`)) || [];
}
