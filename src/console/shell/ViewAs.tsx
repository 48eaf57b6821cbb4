import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { languages } from '#contract/wire/language';
import { currentLanguage, languageNames } from '../i18n/index.ts';
import { FormField } from '../inputs/FormField.tsx';
import { roleName, rolesQuery } from '../staffRoles.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { view } from '../viewing.ts';

/** Asks for the role and language to view the console in. */
export function ViewAs({ onClose, given = 'support' }: { onClose: () => void; given?: string }) {
  const { t } = useTranslation();
  const { data: roles = [] } = useQuery(rolesQuery());
  const [role, setRole] = useState(given);
  const [language, setLanguage] = useState(currentLanguage());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    view({ role, language });
  };
  return (
    <Dialog title={t('staff.viewAs.title')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <p className="quiet">{t('staff.viewAs.text')}</p>
        <FormField label={t('staff.viewAs.role')}>
          {(control) => (
            <Select
              {...control}
              autoFocus
              value={role}
              options={roles.map((one) => ({ value: one.id, label: roleName(one, t) }))}
              onChange={setRole}
            />
          )}
        </FormField>
        <FormField label={t('app.language')}>
          {(control) => (
            <Select
              {...control}
              value={language}
              options={languages.map((value) => ({ value, label: languageNames[value] }))}
              onChange={setLanguage}
            />
          )}
        </FormField>
        <footer>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="primary" htmlType="submit">
            {t('staff.viewAs.start')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
