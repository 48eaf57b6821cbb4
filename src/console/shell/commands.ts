import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { targetTypes } from '#contract/target';
import type { Right } from '#contract/wire/endpoint';
import { languages } from '#contract/wire/language';
import { chooseLanguage, languageNames } from '../i18n/index.ts';
import { kinds } from '../kinds.ts';
import { signOut, useSession } from '../session.ts';
import { setThemeChoice, themeChoices } from '../theme/choice.ts';
import { useLanguage } from '../ui/language.ts';

/** What the palette can do, beside going somewhere. */
export interface Command {
  name: string;
  /** Other words by which people look for it. */
  words?: string[];
  /** Where it leads, or what it does. */
  path?: string;
  run?: () => void;
}

/** The commands that the viewer may give, in the order of the palette. */
export function useCommands(): Command[] {
  const { t } = useTranslation();
  const language = useLanguage();
  const { can } = useSession();
  const leave = useMutation(signOut());
  const say = new Intl.DisplayNames(language, { type: 'language' });
  const inEnglish = new Intl.DisplayNames('en', { type: 'language' });
  const of = (right: Right, ...commands: Command[]) => (can(right) ? commands : []);
  return [
    ...targetTypes.flatMap((type) => {
      const target = t(`app.targets.${type}`);
      return of(
        'define',
        { name: t('app.commands.newField', { target }), path: `/fields/${type}/new` },
        { name: t('app.commands.translations', { target }), path: `/fields/${type}/translations` },
        { name: t('app.commands.files', { target }), path: `/fields/${type}/files` },
        { name: t('app.commands.trash', { target }), path: `/fields/${type}/trash` },
      );
    }),
    ...targetTypes.flatMap((type) => {
      const { page, creates, noun } = kinds[type];
      const name = t(`app.commands.create.${creates}`);
      return of('directory', { name, words: [t(`app.pages.${noun}`)], path: `${page}?create=${creates}` });
    }),
    ...of(
      'staff',
      { name: t('app.commands.invite'), path: '/settings/staff?invite' },
      { name: t('app.commands.staff'), path: '/settings/staff' },
      { name: t('app.commands.staffRoles'), path: '/settings/roles' },
      { name: t('app.commands.keys'), path: '/settings/keys' },
    ),
    ...of('export', { name: t('app.commands.exportActivity'), path: '/activity' }),
    { name: t('app.commands.account'), path: '/account' },
    ...languages.map((one) => ({
      name: t('app.commands.language', { language: say.of(one) ?? one }),
      words: [languageNames[one], inEnglish.of(one) ?? '', one],
      run: () => void chooseLanguage(one),
    })),
    ...themeChoices.map((choice) => ({
      name: t('app.commands.theme', { theme: t(`app.themes.${choice}`) }),
      words: [choice],
      run: () => setThemeChoice(choice),
    })),
    { name: t('app.signOut'), run: () => leave.mutate() },
  ];
}
