import { endpoints } from '#contract/endpoints';
import { sign } from '../http/signature.ts';
import type { Call, testApp } from './app.ts';

/** Signs each call with a key, as an SDK does. */
export const signing =
  ({ ask }: Pick<Awaited<ReturnType<typeof testApp>>, 'ask'>, { id, secret }: { id: string; secret: string }): Call =>
  async (name, input) => {
    const date = new Date().toUTCString();
    const { method, path } = endpoints[name];
    const said = Object.entries(input)
      .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .sort();
    const signature = sign(secret, `${method}\ndate:${date}\n${path}?${said.join('&')}`);
    return (await ask(name, input, { date, authorization: `authing ${id}:${signature}` })).json();
  };
