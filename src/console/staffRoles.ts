import { queryOptions } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import type { PresetRole, StaffRole } from '#contract/staff';
import { call } from './api.ts';

export const rolesQuery = () =>
  queryOptions({ queryKey: ['staff', 'roles'], queryFn: () => call('listStaffRoles', {}) });

/** A built-in role's name depends on the viewer's language. A custom role's name doesn't. */
export const roleName = ({ id, name, isPreset }: Pick<StaffRole, 'id' | 'name' | 'isPreset'>, t: TFunction): string =>
  isPreset ? t(`staff.roles.${id as PresetRole}`) : name;
