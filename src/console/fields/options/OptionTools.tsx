import { Button } from 'antd';
import { ArrowDownAZ, Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { labelOf } from '#contract/field';
import type { Language } from '#contract/wire/language';
import { languageNames } from '../../i18n/index.ts';
import { SearchInput } from '../../inputs/SearchBox.tsx';
import { useSession } from '../../session.ts';
import { useLanguage } from '../../ui/language.ts';
import { toast } from '../../ui/toasts.ts';
import { writeTable } from '../paste/block.ts';
import { columns } from '../paste/columns.ts';
import { PasteButton } from '../paste/PasteButton.tsx';
import { LanguagesChoice } from '../translations/LanguageChoice.tsx';
import { type Row, textIn, withoutBlankEnd } from './rows.ts';
import './OptionTools.css';

/** What one does with all options: find one, sort them, bring them from a spreadsheet or there, choose languages. */
export function OptionTools({
  rows,
  search,
  language,
  onSearch,
  onSort,
  onBlock,
  onLanguage,
}: {
  rows: Row[];
  search: string;
  language: Language | 'all';
  onSearch: (text: string) => void;
  onSort: (sorted: Row[]) => void;
  onBlock: (text: string) => void;
  onLanguage: (language: Language | 'all') => void;
}) {
  const { t } = useTranslation();
  const mayDefine = useSession().can('define');
  const own = useLanguage();
  const written = withoutBlankEnd(rows);
  const sort = () => {
    const { compare } = new Intl.Collator(own, { numeric: true });
    onSort(written.toSorted((a, b) => compare(labelOf(a, own), labelOf(b, own))));
  };
  const copy = async () => {
    const head = columns.map((column) =>
      column === 'value' || column === 'label' ? t(`fields.options.${column}`) : languageNames[column],
    );
    await navigator.clipboard.writeText(
      writeTable([head, ...written.map((row) => columns.map((column) => textIn(row, column)))]),
    );
    toast.say(t('fields.options.copied', { count: written.length }));
  };
  return (
    <div className="options-tools">
      {rows.length > 0 && <SearchInput label={t('fields.options.search')} value={search} onType={onSearch} />}
      {mayDefine && <PasteButton help={t('fields.options.pasteHelp')} onBlock={onBlock} />}
      {rows.length > 0 && (
        <Button type="text" icon={<Copy className="icon" aria-hidden />} onClick={copy}>
          {t('app.copy')}
        </Button>
      )}
      {mayDefine && rows.length > 1 && (
        <Button type="text" icon={<ArrowDownAZ className="icon" aria-hidden />} onClick={sort}>
          {t('fields.options.sort')}
        </Button>
      )}
      <LanguagesChoice label={t('fields.options.translate')} value={language} onChange={onLanguage} />
    </div>
  );
}
