import type { Handlers } from '../context.ts';
import { countTargets, listTargets } from './list.ts';
import { deleteView, findViews, saveView } from './views.ts';

export const listHandlers: Handlers<'listTargets' | 'countTargets' | 'listViews' | 'saveView' | 'deleteView'> = {
  listTargets: (input, context) => listTargets(context, input),
  countTargets: async (input, context) => ({ count: await countTargets(context, input) }),
  listViews: (input, context) => findViews(context, input),
  saveView: (input, context) => saveView(context, input),
  async deleteView({ id }, context) {
    await deleteView(context, id);
    return { success: true };
  },
};
