import type { z } from 'zod';
import type { EndpointName, Endpoints, Input } from '#contract/endpoints';
import type { Right } from '#contract/wire/endpoint';
import type { Language } from '#contract/wire/language';
import type { Guesses } from './access/guesses.ts';
import type { Config } from './config.ts';
import type { Database, Reader } from './database/open.ts';
import type { Db, Trx } from './database/schema.ts';
import type { Secrets, Signer } from './secrets.ts';
import type { Vault } from './vault/vault.ts';

/** Who did something, for the change history. The name is stored, so that it outlives the account. */
export interface Actor {
  kind: 'staff' | 'key' | 'system';
  id: string;
  name: string;
  through: 'console' | 'api' | 'command';
  requestId?: string;
  /** The plan that is being applied. */
  planId?: string;
  /** The reason, in the actor's words. */
  reason?: string;
  /** A change of a value without a reason is refused. */
  needsReason?: boolean;
  /** Makes the keyed digest which proves that this server wrote an audit log entry. */
  sign: Signer;
}

/** The parts of a running server. */
export interface Server {
  config: Config;
  database: Database;
  secrets: Secrets;
  vault: Vault;
}

/** The database, and the vault that decrypts its encrypted values. */
export interface Data<D extends Db = Db> {
  db: D;
  vault: Vault;
}

/** The tools of a command on the command line. */
export interface Operator {
  withServer(work: (server: Server) => Promise<void>): Promise<void>;
  /** The database as it is: without migrations. */
  withReader(work: (reader: { database: Reader; secrets: Secrets }) => Promise<void>): Promise<void>;
  say(line: string): void;
}

/** The caller. The server identifies it before the handler runs. */
export interface Caller {
  actor: Actor;
  rights: readonly Right[];
  /** The id of the role that decides what the caller sees. Null if there is none (a key of the command line). */
  role: string | null;
  /** The own role of a person who views as another, or of a key's creator. The caller sees what both roles see. */
  ownRole?: string;
  /** Limits on queries about protected values count for this id: a person, even if they use several keys. */
  asker: string;
  /** The access key reads encrypted values as plain text: its role has `reveal`, or it has no role. */
  clear?: boolean;
  /** The tenants of the role. Null: all. */
  tenants: readonly string[] | null;
  /** The person views as another role and can't change anything. */
  isViewingAs?: boolean;
  /** From the tenant header of the headers that authenticated. "" is the user pool itself. */
  tenantId: string;
}

/** What a handler knows besides its input. */
export interface Context extends Server, Caller {
  db: Db;
  language: Language;
  /** The network of the client address, for rate limits (`networkOf`). */
  network: string;
  header(name: 'if-match' | 'x-fieldbook-draft'): string | undefined;
  answer: {
    header(name: string, value: string): void;
    session(token: string | undefined): void;
    /** Remembers that somebody signed in with this browser, for so many seconds. */
    device(token: string, seconds: number): void;
  };
  /** The user agent. */
  agent: string;
  /** Counts the queries about hidden values that a write makes. */
  guesses?: Guesses;
  /** The token of a browser that somebody signed in with before. */
  deviceToken: string | undefined;
  /** The role that the signed-in person views as, if any. */
  viewing: string | undefined;
  /** The account that the console's tab was loaded for, if the caller names one. */
  tabAccount: string | undefined;
  /** The session token of the request's cookie, if any. */
  sessionToken: string | undefined;
}

/** The context of a function that writes: its transaction is open. */
export type WriteContext = Context & { db: Trx };

type DbOf<N extends EndpointName> = Endpoints[N]['effect'] extends 'write' ? Trx : Db;

/** One function per endpoint. */
export type Handlers<N extends EndpointName = EndpointName> = {
  [K in N]: (input: Input<K>, context: Context & { db: DbOf<K> }) => Promise<z.input<Endpoints[K]['output']>>;
};
