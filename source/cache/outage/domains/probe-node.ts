import {isRefusalOfSlot} from '../../../pool/commands/reply-error.js';
import {ServerError} from '../../../pool/errors.js';
import type {Pool, PoolNode} from '../../../pool/types.js';
import {sampleClock} from '../../clock/sample-clock.js';
import type {ServerClocks} from '../../clock/server-clocks.js';
import {toError} from '../../support/to-error.js';
import type {FailureDomain} from './failure-domain.js';
import {probeKeyOf} from './probe-key.js';

export type ProbeParts = {
	readonly pool: Pool;
	readonly clocks: ServerClocks;
	/** Prefix of all keys of the cache. */
	readonly prefix: string;
};

/** Checks if a node can be used. @returns The error if it cannot. */
export async function probeNode(
	{pool, clocks, prefix}: ProbeParts,
	node: PoolNode,
	domain: FailureDomain,
): Promise<Error | undefined> {
	domain.isAnswering = false;
	domain.isChecked = false;
	try {
		for (let probe = 0; probe < domain.relapses.probes; probe++)
			await Promise.all(node.lanes.map((lane) => sampleClock(clocks, lane)));
		// While a node loads its data, or its cluster is down, it answers TIME but refuses commands with keys.
		const key = probeKeyOf(pool, prefix, node);
		await refusalsIgnored(pool.laneOf(key).send('MGET', [key], {isUpkeep: true}));
		if (domain.areWritesRefused) await pool.laneOf(key).send('DEL', [key], {isUpkeep: true});
		domain.isAnswering = true;
		domain.problem = undefined;
		return undefined;
	} catch (error) {
		domain.problem = toError(error);
		return domain.problem;
	}
}

/**
 * Settles like `asking`, except that refusals by the ACL, which `Restrictions` handles, and refusals because the slot is being
 * moved are ignored.
 */
async function refusalsIgnored(asking: Promise<unknown>): Promise<void> {
	try {
		await asking;
	} catch (error) {
		if (!(error instanceof ServerError) || (error.kind === 'unavailable' && !isRefusalOfSlot(error))) throw error;
	}
}
