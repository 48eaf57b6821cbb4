import { queryOptions } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import type { PresetRole, StaffRole } from '#contract/staff';
import { call } from './api.ts';

export const rolesQuery = () =>
  queryOptions({ queryKey: ['staff', 'roles'], queryFn: () => call('listStaffRoles', {}) });

/** Ready-made roles are named in the viewer's language, own ones as they were. */
export const roleName = ({ id, name, isPreset }: Pick<StaffRole, 'id' | 'name' | 'isPreset'>, t: TFunction): string =>
  isPreset ? t(`staff.roles.${id as PresetRole}`) : name;
