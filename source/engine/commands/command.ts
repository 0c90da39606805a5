import {RedisCacheError} from '../../pool/errors.js';
import type {EventsLog} from '../log/events-log.js';
import type {EngineOptions, EngineSnapshot} from '../protocol.js';
import type {Session} from '../session/session.js';

/** What a command can work with. `session` is read anew each time: `connect` changes it. */
export type CommandContext = {
	readonly options: EngineOptions;
	readonly log: EventsLog;
	readonly session: Session;
	/** Opens another target and closes this one. Undefined: a private Redis. */
	connect(url: string | undefined): Promise<void>;
	/** A fresh picture of everything. */
	snapshot(): EngineSnapshot;
};

export type CommandResult = {
	/** For people. */
	readonly lines: readonly string[];
	/** For views; serialisable. */
	readonly data?: unknown;
};

/** Carries out one command whose number of arguments has been checked. What it throws becomes a reply. */
export type CommandHandler = (
	context: CommandContext,
	args: readonly string[],
) => CommandResult | Promise<CommandResult>;

export type CommandHandlers = Readonly<Record<string, CommandHandler>>;

/** A command was given arguments it cannot work with, or cannot be done now. */
export class CommandError extends RedisCacheError {
	override readonly name = 'CommandError';

	constructor(message: string) {
		super('ERR_COMMAND', message);
	}
}

/** A whole number out of a command's argument. `what` begins the sentence: `the rate`. */
export function numberArgument(text: string | undefined, what: string, min: number, max: number): number {
	const number = Number(text);
	if (text === undefined || !/^\d+$/.test(text) || number < min || number > max) {
		const instead = text === undefined ? '' : `, not ${JSON.stringify(text)}`;
		throw new CommandError(`${what} must be given as a whole number from ${min} to ${max}${instead}`);
	}
	return number;
}
