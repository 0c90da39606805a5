import {createHash} from 'node:crypto';
import {bentReply} from '../../pool/commands/reply-error.js';
import {ServerError} from '../../pool/errors.js';
import type {Lane, Pool} from '../../pool/types.js';

/** Sent by the cache itself. */
const sent = [
	'mget',
	'evalsha',
	'eval',
	'script|load',
	'time',
	'get',
	'set',
	'del',
	'dbsize',
	'touch',
	'info',
	'ping',
	'select',
];
/** Commands that subscribe to changes by others. */
const tracking = ['client|id', 'client|tracking', 'client|caching', 'client|setname', 'subscribe', 'pubsub|numsub'];
/** Called by its scripts: Redis checks the rights of the user in scripts, too. */
const inScripts = ['exists', 'getrange', 'pexpire', 'pttl', 'setrange'];

/** Sent to nodes of a cluster, to find out which node has a key, and to follow it to another one. */
const inCluster = ['cluster|slots', 'cluster|info', 'asking'];

/** The line for an ACL that gives a user the rights that a cache needs, and no others. */
export function leastRights(prefix: string, topology: Pool['topology']): string {
	const ofTopology = topology === 'cluster' ? inCluster : [];
	const commands = [...sent, ...tracking, ...inScripts, ...ofTopology].map((command) => `+${command}`);
	return `ACL SETUSER cache on >PASSWORD resetkeys ~${prefix}:* resetchannels &__redis__:invalidate -@all ${commands.join(' ')}`;
}

/**
 * Calls each command by which the scripts read, and replies with the names of those that this user may not call. Those by
 * which they write are left out: a program that only looks at a Redis sends it none. Their refusal is noticed at the first
 * write.
 */
const rightsScript = `
local missing = {}
local function try(...)
	local reply = redis.pcall(...)
	local err = type(reply) == 'table' and reply.err
	if err and (string.find(err, 'NOPERM') or string.find(err, "can't run this command") or string.find(err, 'ACL failure')) then
		missing[#missing + 1] = (...)
	end
end
local key = KEYS[1]
try('TIME') try('GET', key) try('GETRANGE', key, 0, 0) try('EXISTS', key) try('PTTL', key)
return missing
`;
const rightsSha = createHash('sha1').update(rightsScript).digest('hex');

export type Rights = {
	/** Why nothing can be read; `undefined`: it can. */
	readonly reads: ServerError | undefined;
	/** Why nothing can be written. */
	readonly writes: ServerError | undefined;
};

/**
 * Finds out if this user may do what a cache does. Rejects if Redis fails otherwise.
 *
 * @param probeKey Redis key that is never written.
 * @param aclLine As `leastRights` returns it.
 */
export async function checkRights(lane: Lane, probeKey: string, aclLine: string): Promise<Rights> {
	const [reads, writes] = await Promise.all([
		refusalOf(lane.send('MGET', [probeKey], {isUpkeep: true}), aclLine),
		refusalOf(missingInScripts(lane, probeKey), aclLine),
	]);
	return {reads, writes};
}

async function missingInScripts(lane: Lane, probeKey: string): Promise<void> {
	const missing = await lane.send('EVALSHA', [rightsSha, '1', probeKey], {isUpkeep: true}).catch((error: unknown) => {
		if (error instanceof ServerError && error.prefix === 'NOSCRIPT')
			return lane.send('EVAL', [rightsScript, '1', probeKey], {isUpkeep: true});
		throw error;
	});
	if (!Array.isArray(missing)) throw bentReply('EVAL was not answered with a list');
	if (missing.length > 0)
		throw new ServerError(
			'denied',
			'NOPERM',
			`NOPERM this user has no permissions to run ${missing.join(', ')} in scripts`,
		);
}

async function refusalOf(asking: Promise<unknown>, aclLine: string): Promise<ServerError | undefined> {
	try {
		await asking;
		return undefined;
	} catch (error) {
		if (!(error instanceof ServerError) || error.kind === 'unavailable') throw error;
		// A full Redis, a Redis that is too old for the script, a proxy: only what concerns rights is judged here.
		if (error.kind !== 'denied' && !/\bunknown command\b/i.test(error.message)) return undefined;
		return withLeastRights(error, aclLine);
	}
}

/**
 * The error with the line for the ACL, if the user lacks a right.
 *
 * @param aclLine As `leastRights` returns it.
 */
export function withLeastRights(error: ServerError, aclLine: string): ServerError {
	if (error.prefix !== 'NOPERM' || error.message.includes('ACL SETUSER')) return error;
	return new ServerError('denied', 'NOPERM', `${error.message}; the least rights are: ${aclLine}`, {
		cause: error,
	});
}
