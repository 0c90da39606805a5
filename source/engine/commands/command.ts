import {RedisCacheError} from '../../pool/errors.js';
import {parseLifetime} from '../../text/lifetime.js';
import type {WriteConsent} from '../consent/write-consent.js';
import type {WriteKind} from '../consent/write-kind.js';
import type {EventsLog} from '../log/events-log.js';
import type {EngineOptions, EngineSnapshot} from '../protocol.js';
import type {Session} from '../session/session.js';
import type {CommandArguments, CommandReplies} from '../specs/command-calls.js';
import type {CommandName} from '../specs/command-specs.js';
import type {ConnectionSummary} from '../target/connection.js';

/** The parts that command handlers use. Read `session` each time it is needed: `connect` replaces it. */
export type CommandContext = {
	readonly options: EngineOptions;
	readonly log: EventsLog;
	readonly session: Session;
	/** The consent for the session's Redis. */
	readonly consent: WriteConsent;
	/**
	 * The reason why commands that write are refused, such as `the connection shop is read-only`; undefined if they are
	 * allowed.
	 */
	refusalOfWrites(): string | undefined;
	/**
	 * Opens another target, then closes the current one.
	 *
	 * @param word A URL, the name of a connection, or `private`.
	 */
	connect(word: string): Promise<void>;
	/** The named connections of the configuration file. */
	connections(): readonly ConnectionSummary[];
	/** The state of everything, taken now. */
	snapshot(): EngineSnapshot;
};

type CommandResult<Name extends CommandName> = {
	/** The output for people. */
	readonly lines: readonly string[];
} & (undefined extends CommandReplies[Name]
	? {readonly data?: CommandReplies[Name]}
	: {readonly data: CommandReplies[Name]});

/**
 * Throws unless someone has consented to this kind of write on the session's Redis.
 *
 * @param name Text at the start of the question. Default: the name of the command.
 */
export type RequireConsent = (kind: WriteKind, name?: string) => void;

/**
 * Runs one command. The number of words has been checked, and so has the consent that its spec asks for; an error that it
 * throws becomes the reply.
 */
export type CommandHandler<Name extends CommandName> = (
	context: CommandContext,
	args: CommandArguments<Name>,
	requireConsent: RequireConsent,
) => CommandResult<Name> | Promise<CommandResult<Name>>;

/** A handler for every command. `run-command.ts` combines it from the tables of the command groups. */
export type CommandHandlers = {readonly [Name in CommandName]: CommandHandler<Name>};

/** The arguments of a command are wrong, or it cannot run now. */
export class CommandError extends RedisCacheError {
	override readonly name = 'CommandError';

	constructor(message: string) {
		super('ERR_COMMAND', message);
	}
}

/**
 * Parses a lifetime: `1h30m`, or a bare number of seconds.
 *
 * @throws {CommandError} it is not a lifetime.
 */
export function lifetimeArgument(text: string): number {
	const ms = parseLifetime(text);
	if (ms !== undefined) return ms;
	throw new CommandError(
		`${JSON.stringify(text)} is not a lifetime: write seconds, as in EXPIRE, or numbers with units, such as 90, 5m or 1h30m`,
	);
}

/** Parses a value: as JSON if it is, else as the text itself. */
export function valueArgument(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/**
 * Parses a whole number.
 *
 * @param what begins the error message: `the rate`.
 * @throws {CommandError} it is not a whole number from `min` to `max`.
 */
export function numberArgument(text: string | undefined, what: string, min: number, max: number): number {
	const number = Number(text);
	if (text === undefined || !/^\d+$/.test(text) || number < min || number > max) {
		const instead = text === undefined ? '' : `, not ${JSON.stringify(text)}`;
		throw new CommandError(`${what} must be a whole number from ${min} to ${max}${instead}`);
	}
	return number;
}
