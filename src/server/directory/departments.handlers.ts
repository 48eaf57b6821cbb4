import type { Handlers } from '../context.ts';
import { createDepartment, createOrganization, deleteDepartment, updateDepartment } from './departments.changes.ts';
import {
  findDepartment,
  findDepartmentById,
  findOrganization,
  listChildren,
  listOrganizations,
  searchDepartments,
} from './departments.ts';

type Names =
  | 'listOrganizations'
  | 'getOrganization'
  | 'createOrganization'
  | 'listChildrenDepartments'
  | 'getDepartment'
  | 'getDepartmentById'
  | 'createDepartment'
  | 'updateDepartment'
  | 'deleteDepartment'
  | 'searchDepartmentsList';

export const departmentHandlers: Handlers<Names> = {
  listOrganizations: (input, context) => listOrganizations(context, input),
  getOrganization: (input, context) => findOrganization(context, input),
  createOrganization: (input, context) => createOrganization(context, input),
  listChildrenDepartments: (input, context) => listChildren(context, input),
  getDepartment: (input, context) => findDepartment(context, input),
  getDepartmentById: (input, context) => findDepartmentById(context, input),
  createDepartment: (input, context) => createDepartment(context, input),
  updateDepartment: (input, context) => updateDepartment(context, input),
  async deleteDepartment(input, context) {
    await deleteDepartment(context, input);
    return { success: true };
  },
  searchDepartmentsList: (input, context) => searchDepartments(context, input),
};
