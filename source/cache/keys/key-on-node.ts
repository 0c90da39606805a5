import type {Pool} from '../../pool/types.js';

/** More than a cluster has slots: a node with a single one is found. */
const maxTries = 200_000;

/** A key with the stem that the node of a cluster has. Undefined if it has no slot. */
export function keyOnNode(pool: Pick<Pool, 'nodeOf'>, stem: string, address: string): string | undefined {
	for (let number = 0; number < maxTries; number++)
		if (pool.nodeOf(`${stem}${number}`)?.address === address) return `${stem}${number}`;
	return undefined;
}
