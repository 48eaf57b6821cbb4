import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { languages } from '#contract/wire/language';
import { currentLanguage, languageNames } from '../i18n/index.ts';
import { BoundField } from '../inputs/BoundField.tsx';
import { DialogForm } from '../inputs/DialogForm.tsx';
import { roleName, rolesQuery } from '../staffRoles.ts';
import { view } from '../viewing.ts';

/** Asks for the role and language to view the console in. */
export function ViewAs({ onClose, given = 'support' }: { onClose: () => void; given?: string }) {
  const { t } = useTranslation();
  const { data: roles = [] } = useQuery(rolesQuery());
  // Both are chosen from what there is: nothing is to be judged.
  const form = useForm({ defaultValues: { role: given, language: currentLanguage() } });
  return (
    <DialogForm
      title={t('staff.viewAs.title')}
      form={form}
      submitLabel={t('staff.viewAs.start')}
      onSubmit={async (as) => view(as)}
      onClose={onClose}
    >
      <p className="quiet">{t('staff.viewAs.text')}</p>
      <BoundField control={form.control} name="role" label={t('staff.viewAs.role')}>
        {(props) => (
          <Select {...props} autoFocus options={roles.map((one) => ({ value: one.id, label: roleName(one, t) }))} />
        )}
      </BoundField>
      <BoundField control={form.control} name="language" label={t('app.language')}>
        {(props) => <Select {...props} options={languages.map((value) => ({ value, label: languageNames[value] }))} />}
      </BoundField>
    </DialogForm>
  );
}
