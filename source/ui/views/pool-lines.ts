import type {EngineSnapshot} from '../../engine/protocol.js';
import type {CheckoutSnapshot, LaneSnapshot} from '../../metrics/snapshot.js';

export type PoolLine =
	| {readonly kind: 'lane'; readonly lane: LaneSnapshot}
	| {readonly kind: 'checkout'; readonly checkout: CheckoutSnapshot}
	| {readonly kind: 'waiter'; readonly place: number; readonly purpose: string; readonly since: number};

/** Waiters listed one by one; beyond them a number says enough. */
const waiterLimit = 100;

/** Everything in the pool that has a line of its own. */
export function poolLines(snapshot: EngineSnapshot | undefined): readonly PoolLine[] {
	const pool = snapshot?.cache.pool;
	if (!pool) return [];
	return [
		...pool.lanes.map((lane): PoolLine => ({kind: 'lane', lane})),
		...pool.checkouts.connections.map((checkout): PoolLine => ({kind: 'checkout', checkout})),
		...pool.checkouts.waiting
			.slice(0, waiterLimit)
			.map((waiter, index): PoolLine => ({kind: 'waiter', place: index + 1, ...waiter})),
	];
}
