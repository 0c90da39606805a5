import type {Pool, PoolNode} from '../../../pool/types.js';

/** More than a cluster has slots: a node with a single one is found. */
const maxTries = 200_000;

const known = new WeakMap<PoolNode, string>();

/**
 * A key that nobody writes; in a cluster, one that the node has.
 *
 * @param node Default: any.
 */
export function probeKeyOf(pool: Pick<Pool, 'nodeOf'>, prefix: string, node?: PoolNode): string {
	const key = `${prefix}:!!probe`;
	if (node === undefined) return key;
	const earlier = known.get(node);
	if (earlier?.startsWith(key) === true && pool.nodeOf(earlier) === node) return earlier;
	for (let number = 0; number < maxTries; number++) {
		const candidate = `${key}${number}`;
		if (pool.nodeOf(candidate) !== node) continue;
		known.set(node, candidate);
		return candidate;
	}
	return key;
}
