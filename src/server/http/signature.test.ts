import { describe, expect, it } from 'vitest';
import { type Family, isSigned, type SignedRequest, sign, stringsToSign } from './signature.ts';
import vectors from './signature-vectors.json' with { type: 'json' };

const secret = vectors.accessKeySecret;

/** The request as the server receives it: the SDK's object is now a query or a body. */
function arriving({ method, path, data, headers }: (typeof vectors.vectors)[number]): SignedRequest {
  const entries = Object.entries(data as Record<string, unknown>);
  const folded = entries.flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [[key, Array.isArray(value) ? value.map(String) : String(value)]],
  );
  return {
    method,
    path,
    headers: headers as unknown as Record<string, string>,
    query: method === 'GET' ? Object.fromEntries(folded) : {},
    body: method === 'GET' ? '' : JSON.stringify(data),
    optional: ['tenantId'],
  };
}

describe('the vectors that the SDKs computed', () => {
  it.each(vectors.vectors.map((vector) => [`${vector.name} (${vector.sdk})`, vector] as const))(
    '%s',
    (_name, vector) => {
      const request = arriving(vector);
      const family = vector.sdk as Family;
      expect(stringsToSign(request, family)).toContain(vector.stringToSign);
      expect(sign(secret, vector.stringToSign)).toBe(vector.signature);
      expect(isSigned(request, family, secret, vector.signature)).toBe(true);
      expect(isSigned({ ...request, path: `${request.path}x` }, family, secret, vector.signature)).toBe(false);
      expect(isSigned(request, family, `${secret}x`, vector.signature)).toBe(false);
    },
  );
});

describe('what the request does not show', () => {
  const headers = { date: 'Tue, 02 Jan 2024 03:04:05 GMT', 'x-authing-lang': 'zh-CN', 'x-genauth-lang': 'en-US' };
  const base = {
    method: 'GET',
    path: '/api/v3/get-custom-data',
    headers,
    query: {},
    body: '',
    optional: ['tenantId', 'namespace'],
  };
  const signed = (resource: string, method = 'GET', path = base.path) =>
    `${method}\ndate:Tue, 02 Jan 2024 03:04:05 GMT\nx-authing-lang:zh-CN\n${path}${resource}`;

  it.each<[string, SignedRequest, string]>([
    [
      'a null that axios left out',
      { ...base, query: { targetType: 'USER' } },
      signed('?targetType=USER&tenantId=null'),
    ],
    ['a list of numbers', { ...base, query: { ids: ['1', '2'] } }, signed('?ids=[1,2]')],
    ['a list of texts', { ...base, query: { ids: ['a', '用户'] } }, signed('?ids=["a","用户"]')],
    ['a lone question mark', base, signed('?')],
    [
      'a date at the top level of a body',
      { ...base, method: 'POST', body: '{"at":"1970-01-01T00:00:00.000Z"}' },
      signed('?at="1970-01-01T00:00:00.000Z"', 'POST'),
    ],
    [
      'keys in code-unit order',
      { ...base, query: { b: '1', B: '2', '10': '3', '2': '4' } },
      signed('?10=3&2=4&B=2&b=1'),
    ],
    ['a lower-case method', base, signed('', 'get')],
  ])('%s', (_name, request, text) => {
    expect(stringsToSign(request, 'authing')).toContain(text);
  });

  it('never tries more than eight strings', () => {
    const optional = Array.from({ length: 30 }, (_, index) => `optional${index}`);
    expect(stringsToSign({ ...base, query: { a: ['1'] }, optional }, 'authing').length).toBeLessThanOrEqual(8);
  });

  it('accepts no unsigned query through a lower-case method', () => {
    const strings = stringsToSign({ ...base, query: { targetType: 'USER' } }, 'authing');
    expect(strings).not.toContain(signed('', 'get'));
  });

  it('reads the headers of one family only', () => {
    expect(stringsToSign(base, 'genauth')[0]).toBe(
      `GET\ndate:Tue, 02 Jan 2024 03:04:05 GMT\nx-genauth-lang:en-US\n/api/v3/get-custom-data`,
    );
  });
});
