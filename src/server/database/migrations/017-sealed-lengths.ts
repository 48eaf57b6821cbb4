import { statements } from './dialect.ts';

// What was sealed in its own length is sealed anew (vault/sealing.ts).
export const up = statements(() => ['update fields set sealed_at = null where encrypted = 1']);
