import type {Entry, ExpireResult, WriteResult} from '../../cache/api/types.js';
import type {Drill} from '../../drills/drill.js';
import type {DrillReport} from '../../drills/drill-report.js';
import type {DrillSnapshot} from '../../drills/drill-snapshot.js';
import type {FaultInfo} from '../../faults/catalogue.js';
import type {ActiveFault} from '../../faults/fault.js';
import type {KeyCount} from '../../inspect/keys/count-keys.js';
import type {KeyPage} from '../../inspect/keys/key-page.js';
import type {KeyTreePage} from '../../inspect/keys/key-tree.js';
import type {RankedKeys} from '../../inspect/keys/ranked-keys.js';
import type {ServerSnapshot} from '../../inspect/server-info.js';
import type {KeyDetails} from '../../inspect/values/inspect-key.js';
import type {EntryFacts} from '../commands/describe-entry.js';
import type {TargetSnapshot} from '../target-snapshot.js';
import type {ArgumentWords} from './command-spec.js';
import type {CommandName, commandSpecs} from './command-specs.js';

/** The reply of `inspect`: facts about a key and, for an entry of the cache, the fields of its header. */
export type InspectedKey = KeyDetails & {readonly entry: EntryFacts | undefined};

/**
 * The data of each command's reply; `undefined` where there is nothing but lines for people.
 *
 * Commands on Redis take and return keys in full, printable (`printKey`). The cache's own commands (`get`, `set`, `del`
 * …) take names without `EngineSnapshot.keyPrefix`.
 */
export type CommandReplies = {
	readonly get: Entry<unknown> | undefined;
	readonly set: WriteResult;
	readonly del: WriteResult;
	/** Milliseconds. */
	readonly ttl: number | undefined;
	readonly expire: ExpireResult;
	readonly touch: ExpireResult;
	readonly has: boolean;
	readonly mget: Readonly<Record<string, unknown>>;
	readonly invalidate: WriteResult;
	readonly clear: WriteResult;
	readonly flush: undefined;
	readonly keys: KeyPage;
	readonly inspect: InspectedKey | undefined;
	/** Pages of one prefix are joined by `mergeKeyTree`. */
	readonly tree: KeyTreePage;
	/** Pages of one pattern are joined by `mergeRankedKeys`. */
	readonly top: RankedKeys;
	readonly count: KeyCount;
	readonly remove: {readonly deleted: number};
	/** Undefined for `sweep stop`. Progress is an event. */
	readonly sweep: {readonly pattern: string; readonly deleted: number; readonly stopped: boolean} | undefined;
	readonly edit: undefined;
	readonly lifetime: undefined;
	readonly info: ServerSnapshot;
	readonly redis: undefined;
	readonly connect: TargetSnapshot;
	readonly outage: ActiveFault;
	/** The number of lifted faults. */
	readonly heal: number;
	readonly faults: readonly FaultInfo[];
	/** For `drill stop` the partial report, undefined when no drill was running. */
	readonly drill: DrillSnapshot | DrillReport | undefined;
	readonly drills: readonly Drill[];
	readonly workload: undefined;
	readonly pool: undefined;
	readonly checkout: undefined;
	/** The absolute path of the file. */
	readonly export: string;
};

/** The words after a command's name. */
export type CommandArguments<Name extends CommandName> = ArgumentWords<(typeof commandSpecs)[Name]['args']>;

/** A command with its words, as the palette splits a line: `{name: 'set', args: ['user:1', 'Ada', '5m']}`. */
export type CommandCall<Name extends CommandName = CommandName> = {
	readonly [Each in Name]: {readonly name: Each; readonly args: CommandArguments<Each>};
}[Name];

/** The words of a call as a plain list. */
export const wordsOf = (call: {readonly args: CommandArguments<CommandName>}): readonly string[] =>
	// Optional words are left out, never undefined.
	call.args as readonly string[];

export type CommandReply<Name extends CommandName = CommandName> =
	/** `lines` are for people. */
	| {readonly ok: true; readonly lines: readonly string[]; readonly data: CommandReplies[Name]}
	| {readonly ok: false; readonly code: string; readonly message: string};
