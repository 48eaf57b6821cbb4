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
    summary: 'Make an access key; its secret is told this once',
    input: newKey,
    output: keyWithSecret,
  }),
  rotateAccessKey: endpoint({
    method: 'POST',
    path: '/api/console/rotate-access-key',
    right: ['staff'],
    effect: 'write',
    summary: 'Give an access key another secret, told this once; the former one may go on working for a while',
    input: rotation,
    output: keyWithSecret,
  }),
  revokeAccessKey: endpoint({
    method: 'POST',
    path: '/api/console/revoke-access-key',
    right: ['staff'],
    effect: 'write',
    summary: 'End an access key at once and for good',
    input: z.object({ id: z.string().max(64) }),
    output: success,
  }),
};
