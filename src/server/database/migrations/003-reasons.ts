import { statements } from './dialect.ts';

export const up = statements(({ text }) => [`alter table history add column reason ${text}`]);
