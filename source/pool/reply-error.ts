import {ReplyError} from 'ioredis';
import {ServerError, type ServerErrorKind} from './errors.js';

const KINDS: Readonly<Record<string, ServerErrorKind>> = {
	LOADING: 'unavailable',
	CLUSTERDOWN: 'unavailable',
	MASTERDOWN: 'unavailable',
	READONLY: 'unavailable',
	BUSY: 'unavailable',
	TRYAGAIN: 'unavailable',
	NOREPLICAS: 'unavailable',
	MISCONF: 'unavailable',
	MOVED: 'unavailable',
	ASK: 'unavailable',
	OOM: 'full',
	NOAUTH: 'denied',
	WRONGPASS: 'denied',
	NOPERM: 'denied',
};

/** For some, what to do says more than what Redis says. */
const reword = (first: string, text: string): string => {
	switch (first) {
		case 'NOAUTH':
			return 'NOAUTH: Redis asks for a password; put user name and password in the URL, as in redis://user:password@host';
		case 'WRONGPASS':
			return 'WRONGPASS: user name or password is wrong; check them in the URL';
		case 'NOPERM':
			return `${text}; check the ACL of this user`;
		default:
			return text;
	}
};

/** Whether Redis itself answered with this error. A plain boolean, as every reply error is an `Error` and the reverse does not hold. */
export const isReplyError = (error: unknown): boolean => error instanceof (ReplyError as new (...args: never) => Error);

/**
 * Before Redis 7 what went wrong in a script came wrapped: `ERR Error running script (call to f_…): … -READONLY You can't write …`;
 * to a script that caught it, as `@user_script: 22: -READONLY You can't write …`.
 */
const inScript = /^(?:ERR Error running script .*?[:\s]|@user_script: \d+: )-([A-Z]+) /;

/** What kind of error it is, as its first word, or that of the error in a script, says. */
const prefixOf = (text: string): string => {
	const wrapped = inScript.exec(text)?.[1];
	if (wrapped !== undefined && KINDS[wrapped] !== undefined) return wrapped;
	return /^[A-Z]+(?= |$)/.exec(text)?.[0] ?? 'ERR';
};

/** Error replies of Redis as ours. The cause goes without the command's arguments, which ioredis attaches: they may hold a password. */
export const toServerError = (reply: Error): ServerError => {
	Reflect.deleteProperty(reply, 'command');
	const text = reply.message;
	const first = prefixOf(text);
	// The server says this and closes; it is no fault of the command.
	const full = text.startsWith('ERR max number of clients');
	const kind = full ? 'unavailable' : (KINDS[first] ?? 'bug');
	return new ServerError(kind, first, reword(first, text), {cause: reply});
};
