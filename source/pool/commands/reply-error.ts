import {ReplyError} from 'ioredis';
import {ServerError, type ServerErrorKind} from '../errors.js';

const kinds: Readonly<Record<string, ServerErrorKind>> = {
	LOADING: 'unavailable',
	CLUSTERDOWN: 'unavailable',
	MASTERDOWN: 'unavailable',
	READONLY: 'unavailable',
	BUSY: 'unavailable',
	TRYAGAIN: 'unavailable',
	NOREPLICAS: 'unavailable',
	MOVED: 'unavailable',
	ASK: 'unavailable',
	OOM: 'full',
	// It cannot save to disk: writes fail, reads work.
	MISCONF: 'full',
	NOAUTH: 'denied',
	WRONGPASS: 'denied',
	NOPERM: 'denied',
	// Protected mode.
	DENIED: 'denied',
};

/** Adds advice to errors that Redis only names. */
const reword = (first: string, text: string): string => {
	switch (first) {
		case 'NOAUTH':
			return 'NOAUTH: Redis asks for a password; put user name and password in the URL, as in redis://user:password@host';
		case 'WRONGPASS':
			return 'WRONGPASS: user name or password is wrong; check them in the URL';
		case 'DENIED':
			return 'DENIED: Redis is in protected mode and takes connections from its own machine only; set a password there (requirepass, or ACL SETUSER), and put it into the URL';
		case 'NOPERM':
			return `${text}; check the ACL of this user`;
		default:
			return text.startsWith('ERR This instance has cluster support disabled')
				? `${text}; use redis:// for a server that is not part of a cluster`
				: text;
	}
};

/** True for an error that Redis itself replied. */
export const isReplyError = (error: unknown): boolean => error instanceof (ReplyError as new (...args: never) => Error);

/** True if Redis refused a command because of its keys, so that the same command with other keys may be accepted. */
export const isRefusalOfKeys = ({prefix, message}: ServerError): boolean =>
	// NOPERM for the command itself, not for a key, names the command: "no permissions to run the 'mget' command".
	prefix === 'CROSSSLOT' || (prefix === 'NOPERM' && !/\brun the\b/.test(message));

/** True if a node of a cluster has refused keys of a slot that is being moved to another node. It answers those of its other slots. */
export const isRefusalOfSlot = (error: unknown): error is ServerError =>
	error instanceof ServerError && (error.prefix === 'TRYAGAIN' || error.prefix === 'ASK');

/**
 * Before Redis 7, an error in a script is wrapped: `ERR Error running script (call to f_…): … -READONLY You can't write
 * …`, or, if the script caught it, `@user_script: 22: -READONLY You can't write …`.
 */
const inScript = /^(?:ERR Error running script .*?[:\s]|@user_script: \d+: )-([A-Z]+) /;

/** The first word of the error, or of the error that a script has wrapped. */
export const prefixOf = (text: string): string => {
	// A script called a command without the right to: up to Redis 7.0, and later.
	if (text.includes('The user executing the script can') || text.includes('ACL failure in script')) return 'NOPERM';
	const wrapped = inScript.exec(text)?.[1];
	if (wrapped !== undefined && kinds[wrapped] !== undefined) return wrapped;
	return /^[A-Z]+(?= |$)/.exec(text)?.[0] ?? 'ERR';
};

/**
 * Turns an error reply into a `ServerError`. ioredis attaches the arguments of the command, which may hold a password:
 * they are removed.
 */
export const toServerError = (reply: Error): ServerError => {
	Reflect.deleteProperty(reply, 'command');
	const text = reply.message;
	const first = prefixOf(text);
	// The server replies this to any command and closes the connection.
	const atMaxClients = text.startsWith('ERR max number of clients');
	const kind = atMaxClients ? 'unavailable' : (kinds[first] ?? 'bug');
	return new ServerError(kind, first, reword(first, text), {cause: reply});
};

/**
 * The error for a reply that Redis itself never sends. @param problem States the expected reply: `MGET was not answered with …`
 */
export const malformedReply = (problem: string, cause?: unknown): ServerError =>
	new ServerError('bug', 'REPLY', `${problem}: check what is between this program and Redis`, {cause});
