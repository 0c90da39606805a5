import type {Pool} from '../../pool/types.js';

/** Far more than a cluster has slots, so that a node with a single slot is found. */
const maxTries = 200_000;

/** A key that begins with the stem and belongs to this node of a cluster. Undefined if the node has no slot. */
export function keyOnNode(pool: Pick<Pool, 'nodeOf'>, stem: string, address: string): string | undefined {
	for (let number = 0; number < maxTries; number++)
		if (pool.nodeOf(`${stem}${number}`)?.address === address) return `${stem}${number}`;
	return undefined;
}
