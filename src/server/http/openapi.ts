import { z } from 'zod';
import * as directory from '#contract/directory';
import { nouns } from '#contract/endpoints';
import { newUser } from '#contract/endpoints/users';
import { field, fieldPatch, sentI18n, sentOption } from '#contract/field';
import { fieldHealth } from '#contract/health';
import { activityEntry, historyEntry } from '#contract/history';
import { accessKey, keyScopes } from '#contract/key';
import { listPage, view } from '#contract/list';
import { appliedPlan, plan, plannedChange } from '#contract/plan';
import { rule, sentRule } from '#contract/rule';
import { person, session, staffRole } from '#contract/staff';
import { targetType } from '#contract/target';
import { translations } from '#contract/translation';
import { type Endpoint, maxBody } from '#contract/wire/endpoint';
import { errors } from '#contract/wire/errors';
import { issueNames } from '#contract/wire/issue';
import { success, tenantId } from '#contract/wire/scalars';

type Json = Record<string, unknown>;

/** The schemas with a name in the document, for inputs and for outputs. */
const named: Record<'input' | 'output', Record<string, z.ZodType>> = {
  input: {
    FieldPatch: fieldPatch,
    FilterItem: directory.filterItem,
    NewUser: newUser,
    PlannedChange: plannedChange,
    SentOption: sentOption,
    SentRule: sentRule,
    SentTexts: sentI18n,
    SortItem: directory.sortItem,
    TargetType: targetType,
    TenantId: tenantId,
  },
  output: {
    AccessKey: accessKey,
    ActivityEntry: activityEntry,
    AppliedPlan: appliedPlan,
    CustomData: directory.customData,
    Department: directory.department,
    Field: field,
    FieldHealth: fieldHealth,
    Group: directory.group,
    HistoryEntry: historyEntry,
    ListPage: listPage,
    Namespace: directory.namespace,
    Organization: directory.organization,
    Person: person,
    Plan: plan,
    Role: directory.role,
    Rule: rule,
    Session: session,
    StaffRole: staffRole,
    Success: success,
    Tenant: directory.tenant,
    Translations: translations,
    User: directory.user,
    View: view,
  },
};

export function openapi(): Json {
  const sent = schemasOf('input');
  const answered = schemasOf('output');
  const paths: Record<string, Json> = {};
  for (const [noun, endpoints] of Object.entries(nouns)) {
    for (const [name, endpoint] of Object.entries<Endpoint>(endpoints)) {
      const operation = operationOf(name, endpoint, sent.of(name), answered.of(name));
      paths[endpoint.path] = {
        ...paths[endpoint.path],
        [endpoint.method.toLowerCase()]: { tags: [noun], ...operation },
      };
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fieldbook',
      version: '3',
      description:
        'The GenAuth / Authing V3 management API for custom fields and their values. Every call answers HTTP 200 with an envelope, also where it fails: read statusCode.',
    },
    servers: [{ url: '/' }],
    security: [{ signature: [] }, { token: [] }, { session: [] }],
    tags: Object.keys(nouns).map((name) => ({ name })),
    paths,
    components: {
      schemas: { Envelope: envelope, ...sent.components, ...answered.components },
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

/** The envelope of every answer, including errors. */
const envelope = {
  type: 'object',
  required: ['statusCode', 'message'],
  properties: {
    statusCode: { type: 'integer', description: '200, or what went wrong in the terms of HTTP' },
    message: { type: 'string', description: 'In the language of the request' },
    apiCode: { type: 'integer' },
    requestId: { type: 'string' },
    error: { type: 'string', enum: Object.keys(errors) },
    issues: {
      type: 'array',
      description: 'What is wrong with the input, and where',
      items: {
        type: 'object',
        required: ['path', 'name'],
        properties: {
          path: { type: 'array', items: { type: ['string', 'integer'] } },
          name: { type: 'string', enum: issueNames },
          limit: { type: 'string' },
          message: { type: 'string' },
        },
      },
    },
  },
};

/** The schemas of all inputs or outputs. They refer to the named schemas. */
function schemasOf(io: 'input' | 'output') {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named[io])) registry.add(schema, { id });
  const endpoints = Object.values(nouns).flatMap((noun) => Object.entries<Endpoint>(noun));
  for (const [name, { [io]: schema }] of endpoints)
    if (!registry.has(schema)) registry.add(schema, { id: `of.${name}` });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
  });
  const clean = ({ $schema: _, $id: __, id: ___, ...json }: Json) => json;
  const all = new Map(Object.entries(schemas).map(([id, json]) => [id, clean(json as Json)]));
  const byEndpoint = new Map(
    endpoints.map(([name, { [io]: schema }]): [string, Json] => {
      const id = registry.get(schema)?.id ?? '';
      return [name, id.startsWith('of.') ? (all.get(id) ?? {}) : { $ref: `#/components/schemas/${id}` }];
    }),
  );
  const components: Json = {};
  const collect = (part: Json) => {
    for (const [, id = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (id in components) continue;
      components[id] = all.get(id);
      collect(all.get(id) ?? {});
    }
  };
  for (const schema of byEndpoint.values()) collect(schema);
  return {
    components,
    of: (name: string): Json => byEndpoint.get(name) ?? {},
  };
}

function operationOf(name: string, endpoint: Endpoint, sent: Json, answered: Json): Json {
  const { method, summary } = endpoint;
  const properties = Object.entries((sent.properties ?? {}) as Json);
  const required = (sent.required ?? []) as string[];
  return {
    operationId: name,
    summary,
    description: rightsOf(endpoint),
    ...securityOf(endpoint),
    ...(method === 'GET'
      ? {
          parameters: properties.map(([key, schema]) => ({
            name: key,
            in: 'query',
            ...(required.includes(key) && { required: true }),
            schema,
          })),
        }
      : {
          requestBody: {
            required: true,
            ...(endpoint.body && { description: `At most ${maxBody(endpoint) / 1_048_576} MB` }),
            content: { 'application/json': { schema: sent } },
          },
        }),
    responses: {
      200: {
        description: 'The envelope',
        content: {
          'application/json': {
            schema: { allOf: [{ $ref: '#/components/schemas/Envelope' }, { properties: { data: answered } }] },
          },
        },
      },
    },
  };
}

/** Says if an access key can't call the endpoint, because only people can have the permission. */
function securityOf({ right }: Endpoint): Json {
  if (right === 'public') return { security: [] };
  const isForKeys = right !== 'person' && right.some((one) => keyScopes.some((scope) => scope === one));
  return isForKeys ? {} : { security: [{ session: [] }] };
}

function rightsOf({ right, also }: Endpoint): string {
  if (right === 'public') return 'For everybody.';
  if (right === 'person') return 'For whoever is signed in.';
  return `Needs the permission ${right.join(' or ')}${also ? `, and ${also}` : ''}.`;
}
