import { z } from 'zod';
import { endpoints } from '#contract/endpoints';
import type { Endpoint } from '#contract/wire/endpoint';

/** The OpenAPI 3.1 document of the endpoint table. */
export function openapi() {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const path = paths[endpoint.path] ?? {};
    path[endpoint.method.toLowerCase()] = operation(name, endpoint);
    paths[endpoint.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fieldbook',
      version: '3',
      description:
        'The GenAuth / Authing V3 management API for custom fields and their values. /api/v3 answers HTTP 200 with an envelope, also for failures: read statusCode.',
    },
    paths,
    components: {
      securitySchemes: {
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'authorization',
          description: 'authing|GenAuth <access key id>:<signature>',
        },
        token: { type: 'http', scheme: 'bearer', description: 'From get-management-token' },
        session: { type: 'apiKey', in: 'cookie', name: 'fieldbook' },
      },
    },
  };
}

function operation(name: string, { method, input, output, right, summary }: Endpoint) {
  const sent = schemaOf(input);
  const properties = (sent.properties ?? {}) as Record<string, unknown>;
  const required = (sent.required ?? []) as string[];
  return {
    operationId: name,
    summary,
    ...(right === 'public' ? { security: [] } : { security: [{ signature: [] }, { token: [] }, { session: [] }] }),
    ...(method === 'GET'
      ? {
          parameters: Object.entries(properties).map(([key, schema]) => ({
            name: key,
            in: 'query',
            required: required.includes(key),
            schema,
          })),
        }
      : { requestBody: { required: true, content: { 'application/json': { schema: sent } } } }),
    responses: { 200: { description: 'The envelope', content: { 'application/json': { schema: envelope(output) } } } },
  };
}

function envelope(output: z.ZodType) {
  return {
    type: 'object',
    required: ['statusCode', 'message'],
    properties: {
      statusCode: { type: 'integer' },
      message: { type: 'string' },
      apiCode: { type: 'integer' },
      requestId: { type: 'string' },
      data: schemaOf(output),
    },
  };
}

function schemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { unrepresentable: 'any' });
  return json;
}
