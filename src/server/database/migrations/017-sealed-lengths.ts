import { statements } from './dialect.ts';

// Encrypts values again whose ciphertext shows their length (vault/sealing.ts).
export const up = statements(() => ['update fields set sealed_at = null where encrypted = 1']);
