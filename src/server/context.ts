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

/** Who did something, as history names them; the name is kept so that it outlives the account. */
export interface Actor {
  kind: 'staff' | 'key' | 'system';
  id: string;
  name: string;
  through: 'console' | 'api' | 'command';
  requestId?: string;
  /** The plan that is being applied. */
  planId?: string;
  /** Why, in the words of whoever does it. */
  reason?: string;
  /** A change of a value without one is refused. */
  needsReason?: boolean;
  /** What proves that this server wrote an entry of the activity: a keyed digest. */
  sign: Signer;
}

/** What a running server is made of. */
export interface Server {
  config: Config;
  database: Database;
  secrets: Secrets;
  vault: Vault;
}

/** Where values lie: the database, and what opens the sealed ones. */
export interface Data<D extends Db = Db> {
  db: D;
  vault: Vault;
}

/** What a command of the command line works with. */
export interface Operator {
  withServer(work: (server: Server) => Promise<void>): Promise<void>;
  /** The database as it is, which isn't brought up to date. */
  withReader(work: (reader: { database: Reader; secrets: Secrets }) => Promise<void>): Promise<void>;
  say(line: string): void;
}

/** Who calls: found out before the handler runs. */
export interface Caller {
  actor: Actor;
  rights: readonly Right[];
  /** The id of the role on which what they see of each field depends; null for whoever has none, such as a key of the command line. */
  role: string | null;
  /** The own role of a person who views as another, or the maker's of a key that sees as another: they see what both do. */
  ownRole?: string;
  /** Under whom questions about protected values are counted: a person, whatever keys they make. */
  asker: string;
  /** An access key reads encrypted values in clear: its role may reveal, or it has none. */
  clear?: boolean;
  /** The tenants that the role is for; null is all. */
  tenants: readonly string[] | null;
  /** A person looks at what another role sees, and changes nothing. */
  isViewingAs?: boolean;
  /** From the headers of the family that signed; "" is the pool's own space. */
  tenantId: string;
}

/** What a handler knows beside its input. */
export interface Context extends Server, Caller {
  db: Db;
  language: Language;
  /** Where the call comes from, as limits count it (networkOf). */
  network: string;
  header(name: 'if-match' | 'x-fieldbook-draft'): string | undefined;
  answer: {
    header(name: string, value: string): void;
    session(token: string | undefined): void;
    /** Remembers that somebody signed in with this browser. */
    device(token: string): void;
  };
  /** The program that calls, as it calls itself. */
  agent: string;
  /** Questions about values that the caller isn't told, which a write asks on its way. */
  guesses?: Guesses;
  /** What a browser was given when somebody signed in with it before. */
  deviceToken: string | undefined;
  /** The role as which the signed-in person looks at the console, if not as their own. */
  viewing: string | undefined;
  /** The account that the tab was drawn for, as it says. */
  drawnFor: string | undefined;
  /** The session that the request's cookie names, if it sent one. */
  sessionToken: string | undefined;
}

/** What a function that writes asks for: its transaction is open. */
export type WriteContext = Context & { db: Trx };

type DbOf<N extends EndpointName> = Endpoints[N]['effect'] extends 'write' ? Trx : Db;

/** One function per endpoint: what a pool is. */
export type Handlers<N extends EndpointName = EndpointName> = {
  [K in N]: (input: Input<K>, context: Context & { db: DbOf<K> }) => Promise<z.input<Endpoints[K]['output']>>;
};
