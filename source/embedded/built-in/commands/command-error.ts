import {error, type Reply, type SpecialReply} from '../../../resp/reply.js';

/**
 * Thrown by a command to reply with an error. As it is an ordinary reply and not a bug of this program, it has no stack trace.
 */
export class CommandError {
	readonly reply: SpecialReply & {kind: 'error'};

	/** @param text Starts with its code: `ERR syntax error`. */
	constructor(text: string) {
		this.reply = error(text);
	}
}

/** The reply of a command, which may be an error that it throws. */
export function replyOf(run: () => Reply | undefined): Reply | undefined {
	try {
		return run();
	} catch (thrown) {
		if (thrown instanceof CommandError) return thrown.reply;
		throw thrown;
	}
}

/** The error for an unknown subcommand, or one with a wrong number of arguments. */
export function wrongSubcommand(args: readonly string[]): CommandError {
	const [container = '', name = ''] = args;
	return new CommandError(
		`ERR unknown subcommand or wrong number of arguments for '${name.slice(0, 128)}'. Try ${container.toUpperCase()} HELP.`,
	);
}

export const wrongType = new CommandError('WRONGTYPE Operation against a key holding the wrong kind of value');
export const syntaxError = new CommandError('ERR syntax error');
export const notInteger = new CommandError('ERR value is not an integer or out of range');
export const notFloat = new CommandError('ERR value is not a valid float');
export const noSuchKey = new CommandError('ERR no such key');
export const tooLong = new CommandError('ERR string exceeds maximum allowed size (proto-max-bulk-len)');
export const outOfRange = new CommandError('ERR index out of range');
export const outOfMemory = new CommandError("OOM command not allowed when used memory > 'maxmemory'.");
export const noScript = new CommandError('NOSCRIPT No matching script. Please use EVAL.');
export const invalidCursor = new CommandError('ERR invalid cursor');
