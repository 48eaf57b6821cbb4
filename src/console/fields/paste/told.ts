import type { Block } from './block.ts';

/** Why a row of a block was left out: in our words, or as the contract names it. */
export type Why =
  | { reason: 'nameless' | 'noRow' | 'locked' | 'unknownText' }
  | { reason: 'repeated' /** The row that says it first. */; other: number }
  | { message: string };

export type Complaint = Why & { line: number };

/** What a pasted block did. */
export interface Told {
  block: Block;
  fresh: number;
  changed: number;
  kept: number;
  complaints: Complaint[];
}
