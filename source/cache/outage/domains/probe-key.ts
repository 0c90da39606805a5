import type {Pool, PoolNode} from '../../../pool/types.js';
import {keyOnNode} from '../../keys/key-on-node.js';

const known = new WeakMap<PoolNode, string>();

/**
 * A key that is never written; in a cluster, one that belongs to the node.
 *
 * @param node Default: any.
 */
export function probeKeyOf(pool: Pick<Pool, 'nodeOf'>, prefix: string, node?: PoolNode): string {
	const key = `${prefix}:!!probe`;
	if (node === undefined) return key;
	const earlier = known.get(node);
	if (earlier?.startsWith(key) === true && pool.nodeOf(earlier) === node) return earlier;
	const found = keyOnNode(pool, key, node.address);
	if (found !== undefined) known.set(node, found);
	return found ?? key;
}
