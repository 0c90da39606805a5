import {createHash} from 'node:crypto';
import {malformedReply} from '../../pool/commands/reply-error.js';
import {ServerError} from '../../pool/errors.js';
import type {Lane, Pool} from '../../pool/types.js';

/** Commands that the cache sends. */
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
/** Commands that subscribe to invalidation messages. */
const tracking = ['client|id', 'client|tracking', 'client|caching', 'client|setname', 'subscribe', 'pubsub|numsub'];
/** Commands that only scripts call: Redis checks the rights of the user in scripts, too. */
const inScripts = ['exists', 'getrange', 'pexpire', 'pttl', 'setrange'];

/** Commands that are sent to nodes of a cluster, to find the node of a key, and to follow redirections. */
const inCluster = ['cluster|slots', 'cluster|info', 'asking'];

/** An `ACL SETUSER` command that grants exactly the rights that a cache needs. */
export function leastRights(prefix: string, topology: Pool['topology']): string {
	const ofTopology = topology === 'cluster' ? inCluster : [];
	const commands = [...sent, ...tracking, ...inScripts, ...ofTopology].map((command) => `+${command}`);
	return `ACL SETUSER cache on >PASSWORD resetkeys ~${prefix}:* resetchannels &__redis__:invalidate -@all ${commands.join(' ')}`;
}

/**
 * Calls each reading command that the scripts use, and replies with the names of those that the user has no right to call.
 * Writing commands are left out, since the dashboard must not write to a Redis that it only shows; a missing right to write is
 * noticed at the first write.
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
	/** The reason why nothing can be read; `undefined` if reads are allowed. */
	readonly reads: ServerError | undefined;
	/** The reason why nothing can be written; `undefined` if writes are allowed. */
	readonly writes: ServerError | undefined;
};

/**
 * Checks if the user has the rights that a cache needs. Rejects if Redis fails for another reason.
 *
 * @param probeKey Redis key that is never written.
 * @param aclLine The result of `leastRights`.
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
	if (!Array.isArray(missing)) throw malformedReply('EVAL was not answered with a list');
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
		// Other errors (a full Redis, one that is too old for the script, a proxy) do not concern rights.
		if (error.kind !== 'denied' && !/\bunknown command\b/i.test(error.message)) return undefined;
		return withLeastRights(error, aclLine);
	}
}

/**
 * The error, with the ACL rule as advice if the user lacks a right.
 *
 * @param aclLine The result of `leastRights`.
 */
export function withLeastRights(error: ServerError, aclLine: string): ServerError {
	if (error.prefix !== 'NOPERM' || error.message.includes('ACL SETUSER')) return error;
	return new ServerError('denied', 'NOPERM', `${error.message}; the least rights are: ${aclLine}`, {
		cause: error,
	});
}
