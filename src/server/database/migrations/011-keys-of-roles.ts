import { statements } from './dialect.ts';

export const up = statements(({ text }) => [`alter table access_keys add column role ${text}`]);
