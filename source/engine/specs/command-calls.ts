import type {ConsentQuestion} from '../consent/write-consent.js';
import type {CacheReplies} from './cache-specs.js';
import type {ArgumentWords} from './command-spec.js';
import type {CommandName, commandSpecs} from './command-specs.js';
import type {KeyspaceReplies} from './keyspace-specs.js';
import type {ServerReplies} from './server-specs.js';
import type {TrafficReplies} from './traffic-specs.js';

/** The data of each command's reply. A command without an entry does not compile. */
export type CommandReplies = {
	readonly [Name in CommandName]: (CacheReplies & ServerReplies & KeyspaceReplies & TrafficReplies)[Name];
};

/** The arguments of a command. */
export type CommandArguments<Name extends CommandName> = ArgumentWords<(typeof commandSpecs)[Name]['args']>;

/** A command with its arguments, as the palette splits a line: `{name: 'set', args: ['user:1', 'Ada', '5m']}`. */
export type CommandCall<Name extends CommandName = CommandName> = {
	readonly [Each in Name]: {
		readonly name: Each;
		readonly args: CommandArguments<Each>;
		/** The word that consents to this write on a Redis that this program did not start, see `ConsentQuestion`. */
		readonly consent?: string;
	};
}[Name];

/** The arguments of a call as a plain list. */
export const wordsOf = (call: {readonly args: CommandArguments<CommandName>}): readonly string[] =>
	// Optional words are left out, never undefined.
	call.args as readonly string[];

export type CommandReply<Name extends CommandName = CommandName> =
	/** `lines` are for people. */
	| {readonly ok: true; readonly lines: readonly string[]; readonly data: CommandReplies[Name]}
	| {
			readonly ok: false;
			readonly code: string;
			readonly message: string;
			/** With the code `ERR_CONSENT`: the question to answer before the call is repeated. */
			readonly question?: ConsentQuestion;
	  };
