import { z } from 'zod';
import { accessKey, keyWithSecret, newKey, rotation } from '../key.ts';
import { endpoint } from '../wire/endpoint.ts';
import { success } from '../wire/scalars.ts';

export const keysEndpoints = {
  listAccessKeys: endpoint({
    method: 'GET',
    path: '/api/console/list-access-keys',
    right: ['staff'],
    effect: 'read',
    summary: 'The access keys of SDKs, without their secrets',
    input: z.object({}),
    output: z.array(accessKey),
  }),
  createAccessKey: endpoint({
    method: 'POST',
    path: '/api/console/create-access-key',
    right: ['staff'],
    effect: 'write',
    summary: 'Create an access key; its secret is shown only once',
    input: newKey,
    output: keyWithSecret,
  }),
  rotateAccessKey: endpoint({
    method: 'POST',
    path: '/api/console/rotate-access-key',
    right: ['staff'],
    effect: 'write',
    summary: 'Rotate the secret of an access key; it is shown only once, and the old one can stay valid for a while',
    input: rotation,
    output: keyWithSecret,
  }),
  revokeAccessKey: endpoint({
    method: 'POST',
    path: '/api/console/revoke-access-key',
    right: ['staff'],
    effect: 'write',
    summary: 'Revoke an access key immediately and permanently',
    input: z.object({ id: z.string().max(64) }),
    output: success,
  }),
};
