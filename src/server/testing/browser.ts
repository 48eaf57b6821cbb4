import type { FastifyInstance } from 'fastify';
import { endpoints } from '#contract/endpoints';

/** A browser: it keeps cookies, and sends them with its calls from its address. */
export function browserOf(app: FastifyInstance, remoteAddress = '10.0.0.1') {
  const jar = new Map<string, string>();
  return {
    jar,
    async call(name: keyof typeof endpoints, input: object = {}) {
      const { method, path } = endpoints[name];
      const answer = await app.inject({
        method,
        url: path,
        remoteAddress,
        headers: {
          'sec-fetch-site': 'same-origin',
          'user-agent': 'Browser/1.0',
          cookie: [...jar].map(([key, value]) => `${key}=${value}`).join('; '),
        },
        ...(method === 'POST' && { payload: input }),
      });
      for (const { name: key, value } of answer.cookies) jar.set(key, value);
      return answer.json();
    },
  };
}
